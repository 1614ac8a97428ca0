"""The Results page: with nothing, with scored runs of two arms, and with damaged ones."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.settings import load_preset
from pages.parts.result_map import selected_rows
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
    assert dict(zip(means["arm"], means["AUROC"], strict=True)) == {"T": "0.750 ± 0.071", "TSG": "0.800 ± 0.071"}
    assert "no interval of the mean" in told(page)


@pytest.mark.usefixtures("runs")
def test_a_table_can_be_copied_as_latex_and_as_markdown() -> None:
    latex, markdown = (code.value for code in opened().code[:2])
    assert r"T & 2 & 0.750 $\pm$ 0.071" in latex
    assert "| T | 2 | 0.750 ± 0.071" in markdown


@pytest.mark.usefixtures("runs")
def test_gate_weights_of_a_run_are_drawn_and_explained_for_one_without() -> None:
    page = opened(part="Runs")
    assert len(page.get("plotly_chart")) == 1
    runs = page.selectbox(key="results_run")
    runs.select(next(run for run in runs.options if run.startswith("T,")))
    page.run()
    assert not page.get("plotly_chart")
    assert "has no gate" in told(page)


@pytest.mark.usefixtures("runs")
def test_settings_are_shown_only_where_they_differ(data: Path) -> None:
    page = opened(part="Runs")
    assert "were set alike in everything" in told(page)
    scored(data, "S", 0, 0.7, preset="quick-time")
    table = opened(part="Runs").dataframe[1].value
    assert "preset" in set(table["setting"])
    assert "data.fold" not in set(table["setting"])


def test_an_address_chooses_runs_and_arms(runs: list[RunDir]) -> None:
    page = opened(runs=f"{runs[0].name},{runs[1].name}")
    assert list(page.dataframe[1].value["arm"]) == ["T"]
    assert page.query_params["runs"] == f"{runs[1].name},{runs[0].name}"
    page = opened(arms="TSG")
    assert list(page.dataframe[1].value["arm"]) == ["TSG"]
    page.multiselect(key="arms_shown").set_value([]).run()
    assert "arms" not in page.query_params
    assert list(page.dataframe[1].value["arm"]) == ["T", "TSG"]


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
    words = told(page).replace("\\", "")
    assert f"The run {runs[0].name} has a damaged metrics.json" in words
    assert f"The run {other.name} has scores of another form (fold)" in words
    assert len(page.dataframe[0].value) == 3


def test_only_damaged_runs_lead_on_as_none_would(data: Path) -> None:
    run = create_run(load_preset("quick-tsg"), data)
    (run.path / "metrics.json").write_text("[]")
    page = opened()
    assert "has a damaged metrics" in told(page)
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
    assert sorted(fold_table(rows)[["arm", "fold", "AUROC"]].values.tolist()) == [
        ["T", 0, 0.7],
        ["T", 1, 0.8],
        ["TSG", 0, 0.75],
        ["TSG", 1, 0.85],
    ]
    assert list(class_table(found[0])["name"]) == ["1st degree AV block", "atrial fibrillation"]


def test_arms_of_several_presets_are_kept_apart(data: Path, runs: list[RunDir]) -> None:
    scored(data, "T", 0, 0.9, preset="quick-time")
    found, _ = scored_runs()
    assert set(fold_rows(found)["arm"]) == {"T · quick-time", "T · quick-tsg", "TSG"}
    del runs


@pytest.mark.usefixtures("runs")
def test_runs_of_different_divisions_are_never_in_one_table(data: Path) -> None:
    other = scored(data, "TSG", 0, 0.9, folds="another")
    page = opened()
    assert "do not compare" in told(page)
    assert len(page.dataframe[0].value) == 4
    page.session_state["division"] = ("cinc2020", "another")
    page.run()
    assert len(page.dataframe[0].value) == 1
    assert opened(runs=other.name).dataframe[1].value["AUROC"].tolist() == ["0.900"]


def test_many_arms_stand_below_each_other_one_metric_at_a_time(data: Path) -> None:
    for arm in ("T", "S", "TSC", "TSG", "SSL-T", "SSL-S"):
        scored(data, arm, 0, 0.7)
    page = opened()
    control = next(each for each in page.get("button_group") if each.key == "fold_metric")
    assert control.options[-1] == "ChM"
    page.session_state["fold_metric"] = "ChM"
    page.run()
    assert "ChM of each fold" in page.get("plotly_chart")[0].proto.alt


@pytest.mark.usefixtures("runs")
def test_scores_can_be_taken_away() -> None:
    labels = [button.proto.label for button in opened(part="Runs").get("download_button")]
    assert labels[-2:] == ["CSV", "JSON"]


@pytest.fixture
def predicted(data: Path) -> list[RunDir]:
    """Runs with predictions: TSG, T and S on two folds, SSL-T with all labels and with a tenth of them."""
    encoder = f'data.encoders=["{make_encoder(data).name}"]'
    time_only, image_only = ('classifier.modalities=["time"]', 'classifier.modalities=["spectrogram"]')
    classes = {"per_class": [{"code": "1", "name": "one", "positives": 1} | dict.fromkeys(EMPTY)]}
    sets = ((), (time_only,), (image_only,), (time_only, encoder))
    runs = [make_run(data, *words, f"data.fold={fold}", **classes) for words in sets for fold in range(2)]
    return [*runs, make_run(data, time_only, encoder, "data.label_share=0.1", signal=0.3, **classes)]


EMPTY = ("auroc", "auprc", "f_measure", "threshold")


@pytest.mark.usefixtures("predicted")
def test_arms_have_pooled_intervals_and_differences_to_the_chosen_baseline() -> None:
    page = opened(figures="Pooled, with 95 % intervals", baseline="S")
    pooled = page.dataframe[1].value
    assert pooled["arm"].tolist() == ["T", "S", "TSG", "SSL-T"]
    assert "[" in pooled["AUROC"][0]
    against = page.dataframe[-1].value
    assert against["comparison"][0] == "T − S"
    assert {"p, Holm", "difference [95 %]", "holds up"} <= set(against.columns)
    page.selectbox(key="baseline").select("TSG").run()
    assert page.dataframe[-1].value["comparison"][0] == "T − TSG"
    assert set(page.dataframe[-1].value["metric"]) == {"AUROC", "AUPRC"}
    page.session_state["compared_metrics"] = ["challenge_metric"]
    page.run()
    assert set(page.dataframe[-1].value["metric"]) == {"ChM"}


@pytest.mark.usefixtures("predicted")
def test_more_replicates_are_drawn_when_asked_for() -> None:
    page = opened(figures="Pooled, with 95 % intervals", arms="T")
    few = page.dataframe[1].value["AUROC"][0]
    page.session_state["replicates"] = 2000
    page.run()
    many = page.dataframe[1].value["AUROC"][0]
    assert few.split()[0] == many.split()[0]
    assert few != many


@pytest.mark.usefixtures("predicted")
def test_curves_are_of_the_class_in_the_address_and_of_the_arms_chosen() -> None:
    page = opened(part="Classes", **{"class": "164889003"})
    assert page.selectbox(key="choose_class Mean over the classes").value == "164889003"
    charts = [chart.proto.alt for chart in page.get("plotly_chart")]
    assert charts == [f"{kind} curve of atrial fibrillation, arm over arm." for kind in ("ROC", "Precision-recall")]
    assert len(page.dataframe[-1].value) == 24
    page.multiselect(key="curve_arms").set_value(["T"]).run()
    assert page.dataframe[1].value["arm"].tolist() == ["T"]
    page.selectbox(key="choose_class Mean over the classes").select("").run()
    assert "class" not in page.query_params
    page.session_state["class_metric"] = "auprc"
    page.run()
    assert not page.exception


@pytest.mark.usefixtures("predicted")
def test_confusion_stands_beside_what_truly_occurs_together() -> None:
    page = opened(part="Confusion")
    assert len(page.get("plotly_chart")) == 3
    assert {"called", "truly there", "called though not there"} <= set(page.dataframe[-1].value.columns)
    page.selectbox(key="confusion_arm").select("T").run()
    page.multiselect(key="confusion_classes").set_value(["164889003", "270492004"]).run()
    assert len(page.dataframe[-1].value) == 2


@pytest.mark.usefixtures("predicted")
def test_reliability_has_an_interval_for_its_error_and_the_tables_of_the_report() -> None:
    page = opened(part="Calibration")
    assert "[" in page.dataframe[-1].value["calibration error"][0]
    page.multiselect(key="reliability_arms").set_value(["S"]).run()
    assert page.dataframe[-1].value["arm"].tolist() == ["S"]
    page.selectbox(key="choose_class All classes together").select("164889003").run()
    assert "atrial fibrillation" in page.get("plotly_chart")[0].proto.alt
    page.toggle(key="trust_tables").set_value(True).run()
    assert "slope" in set(page.dataframe[-1].value.columns)


@pytest.mark.usefixtures("predicted")
def test_gates_have_their_spread_over_folds_beside_the_ablation() -> None:
    page = opened(part="Gates")
    table = page.dataframe[-1].value
    assert table["lowest to highest fold"][0] == "0.50 to 0.70"
    assert {"time adds", "spectrogram adds", "gate and ablation"} <= set(table.columns)
    assert "no gate" not in told(page)
    assert "None of these arms has a gate" in told(opened(part="Gates", arms="T"))


@pytest.mark.usefixtures("predicted")
def test_the_ablation_leads_on_where_nothing_was_ablated_and_shows_the_share_of_labels() -> None:
    page = opened(part="Ablation")
    assert "A sweep over them draws this chart" in told(page)
    page.session_state["ablation_part"] = "label shares"
    page.run()
    assert len(page.get("plotly_chart")) == 1


@pytest.mark.usefixtures("predicted")
def test_every_part_beside_the_paper_can_be_looked_at_and_the_whole_taken_away() -> None:
    page = opened(part="Paper", arms="T,SSL-T")
    assert {"paper", "ours", "difference"} <= set(page.dataframe[-1].value.columns)
    for part in ("Table I", "protocol", "differences"):
        page.session_state["paper_part"] = part
        page.run()
        assert not page.exception, page.exception
    assert page.dataframe[-2].value["comparison"][0] == "SSL-T − T"
    page.toggle(key="whole_report").set_value(True).run()
    labels = [button.proto.label for button in page.get("download_button")]
    assert labels[-2:] == ["Report as HTML", "Report as Markdown"]


@pytest.mark.usefixtures("predicted")
def test_learning_curves_are_drawn_when_asked_for() -> None:
    page = opened(part="Runs")
    page.toggle(key="learning_curves").set_value(True).run()
    assert any("Loss of each fine-tuning" in chart.proto.alt for chart in page.get("plotly_chart"))


@pytest.mark.usefixtures("predicted")
def test_runs_that_were_not_scored_with_fewer_leads_lead_on() -> None:
    page = opened(part="Leads", arms="TSG")
    assert "2 runs of networks were not scored with fewer leads yet" in told(page)
    page.button(key="score_leads").click().run()
    page.session_state["lead sets"].wait(120)
    page.run()
    assert "It ended with" in told(page)  # made runs have no pack to be scored on again


@pytest.mark.usefixtures("predicted")
def test_fewer_labels_are_an_arm_of_their_own() -> None:
    found, _ = scored_runs()
    assert set(fold_rows(found)["arm"]) == {"T", "S", "TSG", "SSL-T", "SSL-T · 10% of labels"}


@pytest.mark.usefixtures("runs")
def test_runs_without_predictions_say_why_there_are_no_intervals() -> None:
    assert "has no scores yet" in told(opened()).replace("\\", "")


def test_a_map_needs_a_pack_and_says_where_to_make_one(runs: list[RunDir]) -> None:
    page = opened(part="Map")
    assert "There is no pack to draw" in told(page)
    assert runs


def test_points_that_were_drawn_round_are_rows_of_the_pack_each_once() -> None:
    points = [{"customdata": [7, "x"]}, {"customdata": [3, "y"]}, {"customdata": [7, "x"]}, {"customdata": None}]
    assert selected_rows({"selection": {"points": points}}) == [3, 7]
    assert selected_rows(None) == []
