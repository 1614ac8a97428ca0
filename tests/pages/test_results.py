"""The Results page: with nothing, with scored runs of two arms, and with damaged ones."""

import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.settings import load_preset
from pages.parts.run_table import class_table, fold_rows, fold_table, mean_table, overview
from pages.parts.scored import METRICS, scored_runs
from tests.made_runs import make_encoder, make_run

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    return tmp_path


def results(arm: str, fold: int, value: float, gated: bool, folds: str = "one division") -> dict[str, Any]:
    classes = {"270492004": "1st degree AV block", "164889003": "atrial fibrillation"}
    scores = {"auroc": value, "auprc": 0.5, "f_measure": None, "threshold": 0.3}
    gates = [{"code": code, "time": 0.7, "spectrogram": 0.3, "records": 5} for code in classes]
    return {
        "arm": arm,
        "fold": fold,
        "protocol": {"labels": "cinc2020", "test": "scored once"},
        "classes": list(classes),
        "test": {
            **{name: {"value": value, "low": value - 0.1, "high": value + 0.1} for name in METRICS},
            "classes_counted": 2,
        },
        "per_class": [{"code": code, "name": name, "positives": 5, **scores} for code, name in classes.items()],
        "validation": {"auroc": value},
        "gates": {"mean": {"time": 0.7, "spectrogram": 0.3}, "by_class": gates} if gated else None,
        "records": {"train": 80, "validation": 10, "test": 10},
        "folds": folds,
    }


def scored(root: Path, arm: str, fold: int, value: float, preset: str = "quick-tsg", **more: Any) -> RunDir:
    run = create_run(load_preset(preset), root)
    run.write_results(results(arm, fold, value, gated="TSG" in arm, **more))
    run.write_state("done")
    return run


@pytest.fixture
def runs(data: Path) -> list[RunDir]:
    return [scored(data, *row) for row in (("T", 0, 0.7), ("T", 1, 0.8), ("TSG", 0, 0.75), ("TSG", 1, 0.85))]


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=120)
    page.switch_page("pages/results.py")
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def told(page: AppTest) -> str:
    kinds = (page.info, page.error, page.warning, page.caption, page.markdown)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


@pytest.mark.usefixtures("data")
def test_without_a_scored_run_the_way_to_one_is_offered() -> None:
    page = opened()
    assert "No run has been scored yet" in told(page)
    assert [link.proto.label for link in page.get("page_link")] == ["Start a training"]


@pytest.mark.usefixtures("runs")
def test_runs_stand_side_by_side_with_intervals_and_the_spread_over_folds() -> None:
    page = opened()
    table, means = page.dataframe[0].value, page.dataframe[1].value
    assert list(table["arm"]) == ["TSG", "TSG", "T", "T"]
    assert table["AUROC"][0] == "0.850 [0.750, 0.950]"
    assert dict(zip(means["arm"], means["AUROC"], strict=True)) == {"TSG": "0.800 ± 0.071", "T": "0.750 ± 0.071"}
    assert "no interval of the mean" in told(page)


@pytest.mark.usefixtures("runs")
def test_gate_weights_by_class_are_drawn_for_a_gated_run_and_explained_for_another() -> None:
    page = opened()
    assert len(page.get("plotly_chart")) == 2
    runs = page.selectbox(key="results_run")
    runs.select(next(run for run in runs.options if run.startswith("T,")))
    page.run()
    assert len(page.get("plotly_chart")) == 1
    assert "has no gate" in told(page)


def test_an_address_chooses_runs(runs: list[RunDir]) -> None:
    page = opened(runs=f"{runs[0].name},{runs[1].name}")
    assert list(page.dataframe[1].value["arm"]) == ["T"]
    assert page.query_params["runs"] == f"{runs[1].name},{runs[0].name}"


@pytest.mark.usefixtures("runs")
def test_an_address_with_unknown_runs_says_so_and_shows_the_others() -> None:
    page = opened(runs="nobody,[x](javascript:1)")
    assert "There are no scores of \\[x\\]\\(javascript\\:1\\), nobody" in told(page)
    assert len(page.dataframe[0].value) == 4


def test_a_torn_file_of_scores_is_one_sentence_and_the_others_stay(data: Path, runs: list[RunDir]) -> None:
    (runs[0].path / "metrics.json").write_text('{"arm": "T", "fo')
    other = create_run(load_preset("quick-tsg"), data)
    other.write_results({"arm": "T", "auroc": 0.8})
    page = opened()
    assert f"The run {runs[0].name} has a damaged metrics.json" in told(page)
    assert f"The run {other.name} has scores of another form (fold)" in told(page)
    assert len(page.dataframe[0].value) == 3


def test_only_damaged_runs_lead_on_as_none_would(data: Path) -> None:
    run = create_run(load_preset("quick-tsg"), data)
    (run.path / "metrics.json").write_text("[]")
    page = opened()
    assert "has a damaged metrics.json" in told(page)
    assert "No run has been scored yet" in told(page)


@pytest.mark.usefixtures("runs")
def test_numbers_that_could_not_be_computed_are_dashes_not_zeros(data: Path) -> None:
    run = create_run(load_preset("quick-tsg"), data)
    values = results("S", 0, 0.8, gated=False)
    values["test"]["auroc"] = {"value": float("nan"), "low": None, "high": None}
    run.write_results(values)
    found, _ = scored_runs()
    assert overview(found)["AUROC"][0] == "–"
    means = mean_table(fold_rows(found)).set_index("arm")
    assert (means.loc["S", "AUROC"], means.loc["S", "AUPRC"]) == ("–", "0.800")
    assert not opened().error


@pytest.mark.usefixtures("runs")
def test_the_tables_hold_every_fold_and_class() -> None:
    found, sentences = scored_runs()
    assert sentences == []
    rows = fold_rows(found)
    assert len(rows) == 4 * len(METRICS)
    assert fold_table(rows)[["arm", "fold", "AUROC"]].values.tolist() == [
        ["T", 0, 0.7],
        ["T", 1, 0.8],
        ["TSG", 0, 0.75],
        ["TSG", 1, 0.85],
    ]
    assert list(class_table(found[0])["name"]) == ["1st degree AV block", "atrial fibrillation"]


def test_arms_of_several_presets_or_divisions_are_kept_apart(data: Path, runs: list[RunDir]) -> None:
    scored(data, "T", 0, 0.9, preset="quick-time")
    found, _ = scored_runs()
    assert set(fold_rows(found)["arm"]) == {"T · quick-time", "T · quick-tsg", "TSG"}
    scored(data, "TSG", 0, 0.9, folds="another")
    assert "do not compare" in told(opened())
    del runs


@pytest.mark.usefixtures("runs")
def test_scores_can_be_taken_away() -> None:
    assert [button.proto.label for button in opened().get("download_button")] == ["CSV", "JSON"]


@pytest.fixture
def predicted(data: Path) -> list[RunDir]:
    """Runs with predictions: T on three folds, SSL-T with all labels and with a tenth of them."""
    encoder = f'data.encoders=["{make_encoder(data).name}"]'
    time_only = 'classifier.modalities=["time"]'
    classes = {"per_class": [{"code": "1", "name": "one", "positives": 1} | dict.fromkeys(EMPTY)]}
    runs = [make_run(data, time_only, f"data.fold={fold}", **classes) for fold in range(3)]
    runs += [make_run(data, time_only, encoder, f"data.fold={fold}", signal=1.5, **classes) for fold in range(3)]
    return [*runs, make_run(data, time_only, encoder, "data.label_share=0.1", signal=0.3, **classes)]


EMPTY = ("auroc", "auprc", "f_measure", "threshold")


def with_report(page: AppTest) -> AppTest:
    """The page once its report is made."""
    for _ in range(60):
        if not any("being made" in str(info.value) for info in page.info):
            return page
        time.sleep(1)
        page.run()
        assert not page.exception, page.exception
    raise AssertionError("the report was never made")


@pytest.mark.usefixtures("predicted")
def test_the_report_stands_on_the_page_with_its_replicates_and_as_a_file() -> None:
    page = with_report(opened())
    assert "Intervals from 200 replicates" in told(page)
    pooled = page.dataframe[-2].value
    assert pooled["arm"].tolist() == ["T", "SSL-T"]
    assert "[" in pooled["AUROC"][0]
    assert [button.proto.label for button in page.get("download_button")] == ["CSV", "JSON", "Report as HTML"]


@pytest.mark.usefixtures("predicted")
def test_every_section_of_the_report_can_be_looked_at() -> None:
    page = with_report(opened())
    sections = next(pills for pills in page.get("button_group") if pills.key == "card_section")
    assert {"Table II of the paper, beside ours", "Paired differences", "With fewer labels"} <= set(sections.options)
    charts = len(page.get("plotly_chart"))
    for name, figures in (("differences", 1), ("table_II", 0), ("shares", 1), ("classes", 2), ("learning", 3)):
        page.session_state["card_section"] = name
        page.run()
        assert not page.exception, page.exception
        assert len(page.get("plotly_chart")) == charts + figures


@pytest.mark.usefixtures("predicted")
def test_fewer_labels_are_an_arm_of_their_own() -> None:
    found, _ = scored_runs()
    assert set(fold_rows(found)["arm"]) == {"T", "SSL-T", "SSL-T · 10% of labels"}


@pytest.mark.usefixtures("runs")
def test_runs_without_predictions_say_why_there_is_no_report() -> None:
    assert "has no scores yet" in told(with_report(opened())).replace("\\", "")
