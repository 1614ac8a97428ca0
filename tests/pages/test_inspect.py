"""The Inspect page: first visit, good files, broken files, and the numbers that it gives away."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.card import find_models
from ecgssl_core.inference.prediction import Prediction
from pages.parts.keys import CHOSEN, UPLOAD, WORK
from pages.parts.out import as_json
from pages.parts.samples import FOLDER, SAMPLES, sample_files

ROOT = Path(__file__).parents[2]
MODELS = find_models()
needs_model = pytest.mark.skipif(not MODELS, reason="no model has been released to checkpoints/")


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    for key, value in address.items():
        page.query_params[key] = value
    return page.run()


def dropped(files: dict[str, bytes]) -> AppTest:
    page = opened()
    page.file_uploader(key=UPLOAD).set_value([(name, content, "") for name, content in files.items()]).run()
    assert not page.exception, page.exception
    return page


def said_of(page: AppTest) -> list[Prediction]:
    """What the model was asked in the session of a page."""
    work = page.session_state[WORK]
    return [one.result.result() for key, one in work.items() if key[0] == "predicted"]


def told(page: AppTest) -> str:
    kinds = (page.subheader, page.markdown, page.caption, page.error, page.warning, page.info)
    return "\n".join(str(element.value).replace("\\", "") for kind in kinds for element in kind)


def test_the_first_visit_shows_a_sample_labelled_for_what_it_is() -> None:
    page = opened()
    assert not page.exception, page.exception
    text = told(page)
    assert "HR00009" in text
    assert "12 leads · 500 Hz · 10.0 s · mV (unit from the file) · male, 55 years" in text
    assert "PTB-XL" in text
    assert "CC BY 4.0" in text
    assert not page.error


@pytest.mark.parametrize("name", SAMPLES)
def test_the_address_opens_a_sample(name: str) -> None:
    page = opened(sample=name)
    assert name in told(page)


def test_a_wrong_address_shows_the_first_sample() -> None:
    page = opened(sample="<script>", layout="99", speed="x")
    assert not page.exception, page.exception
    assert "HR00009" in told(page)


def test_files_in_any_order_are_one_record() -> None:
    files = sample_files("HR00318")
    page = dropped(dict(reversed(files.items())))
    assert "HR00318" in told(page)
    assert "Sample from" not in told(page)
    assert not page.error


RECORDED = [name for name in SAMPLES if name.startswith("HR")]


def test_a_zip_is_opened_and_its_records_can_be_chosen() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as folder:
        for name in RECORDED:
            for file, data in sample_files(name).items():
                folder.writestr(file, data)
    page = dropped({"ward.zip": content.getvalue()})
    box = page.selectbox(key=CHOSEN)
    assert sorted(box.options) == sorted(RECORDED)
    box.select_index(1).run()
    assert box.options[1] in told(page)


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"letter.txt": b"Dear colleague"}, "letter.txt"),
        ({**sample_files("HR00009"), "HR00009.mat": b"MATLAB"}, "HR00009"),
        ({"ward.zip": b"PK\x03\x04"}, "ward.zip"),
        ({"empty.hea": b""}, "empty.hea"),
    ],
)
def test_a_broken_file_is_one_sentence_and_the_page_stays_usable(files: dict[str, bytes], named: str) -> None:
    page = dropped(files)
    assert len(page.error) == 1
    assert named in page.error[0].value.replace("\\", "")
    assert "Traceback" not in page.error[0].value
    page.file_uploader(key=UPLOAD).set_value([(name, data, "") for name, data in sample_files("HR00180").items()])
    assert "HR00180" in told(page.run())


def test_a_header_without_its_signal_names_the_file_and_waits_for_it() -> None:
    files = sample_files("HR00009")
    page = dropped({"HR00009.hea": files["HR00009.hea"]})
    assert not page.error
    assert "HR00009.mat" in page.warning[0].value.replace("\\", "")
    page.file_uploader(key=UPLOAD).set_value([(name, data, "") for name, data in files.items()]).run()
    assert not page.warning
    assert "HR00009" in told(page)


def test_counts_without_their_header_name_the_file_that_is_missing() -> None:
    page = dropped({"HR00009.mat": sample_files("HR00009")["HR00009.mat"]})
    assert "HR00009.hea" in page.warning[0].value.replace("\\", "")
    assert "likeliest unit" in told(page)


def test_many_refusals_do_not_push_the_ecg_off_the_page() -> None:
    letters = {f"letter{place}.txt": b"Dear colleague" for place in range(9)}
    page = dropped({**sample_files("HR00180"), **letters})
    assert len(page.error) == 3
    assert any("6 more files" in one.label for one in page.expander)
    assert "HR00180" in told(page)


def test_two_files_of_one_name_are_told_of() -> None:
    page = opened()
    twice = [("HR00180.txt", b"Dear colleague", ""), ("HR00180.txt", b"Dear all", "")]
    page.file_uploader(key=UPLOAD).set_value(twice).run()
    assert any("Two files have this name" in one.value for one in page.error)


def flat(files: dict[str, bytes]) -> dict[str, bytes]:
    """A sample whose every sample is the same."""
    header = next(content for name, content in files.items() if name.endswith(".hea")).decode()
    lines = [line for line in header.splitlines() if not line.startswith("#")]
    first = lines[0].split()
    count, samples = int(first[1]), int(first[3])
    rows = [f"flat.dat 16 1000/mV 16 0 0 0 0 {line.split()[-1]}" for line in lines[1 : count + 1]]
    made = "\n".join([f"flat {count} {first[2]} {samples}", *rows]) + "\n"
    return {"flat.hea": made.encode(), "flat.dat": bytes(2 * count * samples)}


@needs_model
def test_a_record_that_fails_is_shown_and_predicted_only_against_the_rules() -> None:
    page = dropped(flat(sample_files("HR00009")))
    assert any("Not to be predicted from" in one.value for one in page.warning)
    assert said_of(page)[-1].findings == ()
    (switch,) = [one for one in page.toggle if one.label == "Predict anyway"]
    switch.set_value(True).run()
    assert not page.exception, page.exception
    prediction = said_of(page)[-1]
    assert prediction.despite
    assert prediction.findings
    assert any("Predicted against the rules" in one.value for one in page.warning)
    assert json.loads(as_json([prediction], ()))["records"][0]["despite"] == prediction.despite


@needs_model
def test_a_record_that_passes_has_no_such_switch() -> None:
    assert not [one for one in opened().toggle if one.label == "Predict anyway"]


def test_what_can_be_read_is_shown_beside_what_is_refused() -> None:
    page = dropped({**sample_files("HR00180"), "letter.txt": b"Dear colleague"})
    assert len(page.error) == 1
    assert "HR00180" in told(page)


def test_an_upload_stays_in_the_session() -> None:
    page = dropped(sample_files("HR00180"))
    assert len(page.session_state[f"{UPLOAD} kept"].records) == 1
    assert f"{UPLOAD} kept" not in opened().session_state


def test_an_upload_outlives_a_look_at_another_page_until_it_is_removed() -> None:
    page = dropped(sample_files("HR00180"))
    page.switch_page("pages/corpora.py").run()
    page.switch_page("pages/inspect.py").run()
    assert "HR00180" in told(page)
    page.button(key=f"{UPLOAD} remove").click().run()
    assert "HR00009" in told(page)


def test_without_a_model_the_ecg_is_shown_and_the_page_leads_to_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecgssl_core.inference.card.find_models.__defaults__", (tmp_path,))
    page = opened()
    assert not page.exception, page.exception
    assert "There is no model here yet" in told(page)
    assert "Rate" in [one.label for one in page.metric]


@needs_model
def test_a_broken_model_says_so_and_the_ecg_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "model.json").write_text("{}")
    monkeypatch.setattr("ecgssl_core.inference.card.find_models.__defaults__", (tmp_path,))
    page = opened()
    assert not page.exception, page.exception
    assert "damaged" in told(page)
    assert "The models here cannot be used" in told(page)


@needs_model
def test_the_file_to_take_away_is_what_the_command_line_prints() -> None:
    page = opened()
    predictions = said_of(page)
    command = [sys.executable, "-m", "ecgssl_core", "predict", str(FOLDER / "HR00009.hea"), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert as_json(predictions, ()) == done.stdout


@needs_model
def test_every_chart_says_in_words_what_it_shows() -> None:
    page = opened()
    charts = page.get("plotly_chart")
    assert charts
    assert all(chart.proto.alt for chart in charts)
