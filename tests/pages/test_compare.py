"""The Compare page: samples, uploads, broken uploads, and how two records are set against each other."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.prediction import Finding, Prediction
from ecgssl_core.records import read_isolated
from ecgssl_core.records.intervals import NUMBERS, Intervals
from pages.parts.differences import difference_rows, differences
from pages.parts.interval_differences import interval_differences
from pages.parts.samples import sample_files
from pages.parts.take import as_csv
from tests.identifying import identifying_bundle

ROOT = Path(__file__).parents[2]


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for key, value in address.items():
        page.query_params[key] = value
    page.switch_page("pages/compare.py").run()
    assert not page.exception, page.exception
    return page


def told(page: AppTest) -> str:
    kinds = (page.subheader, page.markdown, page.caption, page.error, page.warning, page.info)
    return "\n".join(str(element.value).replace("\\", "") for kind in kinds for element in kind)


def told_to_canvas(page: AppTest) -> dict[str, Any]:
    (canvas,) = [found for found in page.get("bidi_component") if "strips" in found.proto.json]
    data: dict[str, Any] = json.loads(canvas.proto.json)
    return data


def sheet(page: AppTest) -> dict[str, Any]:
    """What the canvas is asked to draw."""
    drawn: dict[str, Any] = told_to_canvas(page)["sheet"]
    return drawn


def files(name: str) -> list[tuple[str, bytes, str]]:
    return [(path, content, "") for path, content in sample_files(name).items()]


def prediction(*probabilities: float, abstained: str | None = None) -> Prediction:
    findings = tuple(
        Finding(
            str(place),
            f"class {place}",
            value,
            0.5,
            value >= 0.5,
            20,
            True,
            value,
            value,
            "positive" if value >= 0.5 else "negative",
        )
        for place, value in enumerate(probabilities)
    )
    return Prediction("made", "model", "0" * 64, 1, (0.0,), abstained, False, findings, None, ())


def intervals(**values: float) -> Intervals:
    missing = [name for name in NUMBERS if name not in values]
    numbers = {name: values.get(name) for name in NUMBERS}
    return Intervals(
        **numbers, reasons=dict.fromkeys(missing, "None."), leads=("I",), beats=np.zeros((0, 1, 3, 3), int)
    )


def test_two_samples_lie_over_each_other_usual_beat_on_usual_beat() -> None:
    page = opened()
    text = told(page)
    assert "HR00009" in text
    assert "HR00318" in text
    assert "beats, R over R" in text
    drawn = sheet(page)
    assert len(drawn["labels"]) == 12
    assert [strip["ink"] for strip in drawn["strips"]] == [0, 1] * 12
    assert drawn["scale"] == "50 mm/s · 10 mm/mV"
    assert "black: first, blue: second" in told_to_canvas(page)["layers"]


def test_the_strongest_beat_of_each_can_be_taken_instead() -> None:
    page = opened(align="strongest", overlay_grid="night")
    assert "beats at" in told(page)
    assert told_to_canvas(page)["inks"]["ground"] == "#11161b"


def test_they_can_begin_together_instead() -> None:
    drawn = sheet(opened(align="start", overlay_gain="5"))
    assert drawn["scale"] == "25 mm/s · 5 mm/mV · HALF GAIN"
    assert {strip["x"] for strip in drawn["strips"]} == {drawn["strips"][0]["x"]}


def test_the_address_names_the_samples_and_nothing_of_an_upload() -> None:
    page = opened(first="HR00180", second="HR00009")
    assert [label.split()[0] for label in told(page).split("**") if label.startswith("HR")][:2] == [
        "HR00180",
        "HR00009",
    ]
    page.selectbox(key="first sample").set_value("HR00318").run()
    assert page.query_params["first"] == "HR00318"
    page.file_uploader(key="first upload").set_value(files("HR00180")).run()
    assert "first" not in page.query_params
    assert "HR00180" not in str(page.query_params)


def test_a_link_to_a_sample_that_is_not_there_gives_the_usual_one() -> None:
    assert "HR00009" in told(opened(first="../../etc/passwd"))


def test_an_upload_takes_the_place_of_a_sample() -> None:
    page = opened()
    page.file_uploader(key="first upload").set_value(files("HR00180")).run()
    assert not page.exception, page.exception
    assert "HR00180" in told(page)
    assert "HR00009" not in told(page)


def test_two_records_of_one_upload_are_set_against_each_other() -> None:
    page = opened()
    page.file_uploader(key="first upload").set_value(files("HR00180") + files("HR00318")).run()
    assert not page.exception, page.exception
    text = told(page)
    assert "From the files of the first" in text
    assert "Black: **HR00180** · blue, thinner: **HR00318**" in text
    page.selectbox(key="second record of 2").set_value(0).run()
    assert "Black: **HR00180** · blue, thinner: **HR00180**" in told(page)
    table = page.table[0].value
    assert set(table["Second − first"]) <= {"0 ms", "0 /min", "0°", "–"}


def test_a_broken_upload_is_one_sentence_and_the_page_stays_usable() -> None:
    page = opened()
    page.file_uploader(key="second upload").set_value([("notes.hea", b"not a header", "")]).run()
    assert not page.exception, page.exception
    assert len(page.error) == 1
    assert "Two records are needed" in told(page)
    page.file_uploader(key="second upload").set_value([]).run()
    assert "R over R" in told(page)


def test_quality_stands_with_each_record_and_intervals_carry_their_units() -> None:
    page = opened()
    assert told(page).count("Signal quality") == 2
    table = page.table[0].value
    assert list(table.columns) == ["First", "Second", "Second − first"]
    assert table.loc["Rate", "First"].endswith(" /min")
    assert table.loc["QRS", "Second − first"].endswith(" ms")
    assert table.loc["PR", "Second"] == "–"  # atrial fibrillation
    assert "Second, not measurable: PR, P axis." in told(page)


def test_what_the_model_says_stands_side_by_side_with_its_thresholds() -> None:
    page = opened()
    text = told(page)
    assert "In the second only:** atrial fibrillation" in text
    (table,) = [frame.value for frame in page.dataframe]
    assert {"first", "second", "difference", "threshold", "first says", "second says"} <= set(table.columns)
    assert "First, 1st degree AV block: not supported by the measured PR of 169 ms" in text
    (why,) = [one for one in page.expander if one.label.endswith("are undecided or not assessed")]
    assert "**pacing rhythm**: Not assessed: 5 examples in training are too few." in why.markdown[0].value.replace(
        "\\", ""
    )
    row = table[table["code"] == "164889003"].iloc[0]
    assert row["difference"] == pytest.approx(row["second"] - row["first"])
    assert (row["first says"], row["second says"]) == ("undecided", "likely")
    keys = {button.key for button in page.get("download_button")}
    assert {"take overlay", "take intervals.csv", "take predictions.csv", "take differences.json"} <= keys


def test_where_the_model_abstains_it_says_so_in_words_and_nothing_is_compared() -> None:
    def page() -> None:
        from ecgssl_core.inference.prediction import Prediction
        from pages.parts.differences import show_differences

        silent = Prediction("*b*", "model", "0" * 64, 1, (0.0,), "Too noisy to say.", False, (), None, ())
        show_differences(silent, silent)

    found = AppTest.from_function(page).run()
    assert [warning.value.replace("\\", "") for warning in found.warning] == [
        f"**{place}, *b*: the model abstains.** Too noisy to say." for place in ("First", "Second")
    ]
    assert not found.dataframe


def test_the_largest_difference_comes_first_and_says_in_whom_the_class_is_stated() -> None:
    table = differences(prediction(0.2, 0.9, 0.6), prediction(0.25, 0.4, 0.8))
    assert table["class"].tolist() == ["class 1", "class 2", "class 0"]
    assert table["difference"].tolist() == pytest.approx([-0.5, 0.2, 0.05])
    assert table["stated in"].tolist() == ["first", "both", "neither"]


def test_classes_that_are_not_assessed_come_last_and_say_why() -> None:
    one, other = prediction(0.2, 0.9), prediction(0.25, 0.4)
    said = [replace(finding, status="negative") for finding in one.findings]
    said[1] = replace(said[1], status="not assessed", reason="Too few examples.")
    table = differences(replace(one, findings=tuple(said)), replace(other, findings=tuple(said)))
    assert table["class"].tolist() == ["class 0", "class 1"]
    assert table["why not"].tolist() == ["", "Too few examples."]


def test_of_a_silent_model_there_is_no_row() -> None:
    silent = prediction(abstained="No.")
    assert difference_rows(silent, silent) == []
    assert difference_rows(prediction(0.2), silent) == difference_rows(silent, prediction(0.2)) == []


def test_intervals_are_subtracted_and_axes_the_shorter_way_round() -> None:
    first = intervals(heart_rate_per_min=61.6, qt_ms=400.0, qrs_axis_deg=170.0)
    second = intervals(heart_rate_per_min=70.4, qrs_axis_deg=-170.0, p_axis_deg=20.0)
    rows = {row["name"]: row for row in interval_differences(first, second)}
    rate = rows["heart_rate_per_min"]
    assert (rate["first"], rate["second"], rate["difference"], rate["unit"]) == (62, 70, 8, "/min")  # as one reads them
    assert rows["qrs_axis_deg"]["difference"] == 20
    assert rows["qt_ms"]["difference"] is None
    assert rows["p_axis_deg"]["first"] is None


def test_what_is_taken_away_is_whole_and_safe_in_a_spreadsheet() -> None:
    first, second = prediction(0.2), prediction(0.9)
    rows = difference_rows(first, second)
    rows[0]["class"] = "=HYPERLINK()"
    (row,) = csv.DictReader(io.StringIO(as_csv(rows)))
    assert row["class"] == "'=HYPERLINK()"
    assert float(row["difference"]) == pytest.approx(0.7)


def test_nothing_is_measured_or_compared_before_unit_and_rate_are_known() -> None:
    page = opened()
    lines = ["I,II,V1", *(f"{place % 7},{place % 11},{place % 13}" for place in range(5000))]
    page.file_uploader(key="second upload").set_value([("monitor.csv", "\n".join(lines).encode(), "")]).run()
    assert not page.exception, page.exception
    text = told(page)
    assert "once unit and rate of both records are known" in text
    assert text.count("Signal quality") == 1  # that of the sample
    assert not page.table


@pytest.fixture
def told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a data folder with a model that tells persons apart."""
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    identifying_bundle(tmp_path / "models")
    return tmp_path


def pair_of(page: AppTest, folder: Path, first: str, second: str) -> None:
    for place, name in (("first", first), ("second", second)):
        given = [(path.name, path.read_bytes(), "") for path in sorted(folder.glob(f"{name}.*"))]
        page.file_uploader(key=f"{place} upload").set_value(given)
    page.run()
    assert not page.exception, page.exception


def same_patient(page: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in page.metric if one.label in ("Similarity", "False-match rate", "Lead set")}


@pytest.mark.usefixtures("told_apart")
@pytest.mark.parametrize("second", ["HR00200", "HR00377"])  # of the same patient, and of another
def test_two_records_are_held_against_each_other_for_being_of_one_patient(
    real: Callable[[str], Path], second: str
) -> None:
    page = opened()
    pair_of(page, real("cinc2020") / "ptb-xl", "HR00012", second)
    found = same_patient(page)
    assert found["Lead set"] == "12 leads"
    assert -1 <= float(found["Similarity"].replace("−", "-")) < 1
    text = told(page)
    assert "was never tried on telling persons apart; identifying says this." in text
    assert "not authentication" in text
    assert "Compared on all twelve leads." in text
    (expander,) = [one for one in page.expander if one.label.startswith("How well")]
    assert set(expander.dataframe[0].value["test"]) == {"two recordings", "two crops of one record, weaker"}
    assert {"table identifying-persons", "take differences.json"} <= {one.key for one in page.get("download_button")}
    page.selectbox(key="model").set_value("identifying").run()
    assert "was never tried" not in told(page)


@pytest.mark.usefixtures("told_apart")
def test_a_one_lead_record_is_held_against_that_lead_of_twelve() -> None:
    page = opened()
    record = read_isolated(dict(sample_files("HR00009"))).records[0]
    lines = ["time (s),I (mV)", *(f"{at / record.rate:.4f},{value:.4f}" for at, value in enumerate(record.signal[0]))]
    page.file_uploader(key="second upload").set_value([("watch.csv", "\n".join(lines).encode(), "")]).run()
    assert not page.exception, page.exception
    assert same_patient(page)["Lead set"] == "lead I"
    assert "Compared on I." in told(page)
    assert "Second, watch: the model abstains." in told(page).replace("*", "")


def test_without_a_model_that_tells_persons_apart_the_page_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    page = opened()
    assert "No model here was ever tried on telling persons apart" in told(page)
    assert not same_patient(page)
    assert "What the model says" in told(page)
