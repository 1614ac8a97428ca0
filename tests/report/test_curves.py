"""Curves of a class, worked by hand, and gate weights by class and fold."""

import numpy as np
import pytest

from ecgssl_core.evaluation import auprc, auroc
from ecgssl_core.report.curves import class_curves, rank_points
from ecgssl_core.report.gates import gate_table, gates_section
from ecgssl_core.report.learning import learning_section
from ecgssl_core.report.trust import trust_section
from tests.made_runs import CLASSES
from tests.report.conftest import Make
from tests.report.studies import TIME, arms_of_time, pretrained, small_study


def test_the_points_of_a_curve_worked_by_hand() -> None:
    labels = np.array([1, 0, 1, 0, -1], dtype=np.int8)
    points = rank_points(labels, np.array([0.9, 0.7, 0.7, 0.1, 0.8]))
    assert points is not None
    alarms, recall, precision = (values.tolist() for values in points)
    assert alarms == [0, 0.5, 1]
    assert recall == [0.5, 1, 1]
    assert precision == pytest.approx([1, 2 / 3, 0.5])


def test_the_areas_under_the_points_are_the_metrics() -> None:
    random = np.random.default_rng(0)
    labels = (random.random(200) < 0.3).astype(np.int8)
    scores = np.round(random.random(200) + 0.3 * labels, 1)
    points = rank_points(labels, scores)
    assert points is not None
    alarms, recall, precision = points
    columns = labels[:, np.newaxis], scores[:, np.newaxis]
    assert np.trapezoid(np.append(0, recall), np.append(0, alarms)) == pytest.approx(auroc(*columns)[0])
    assert np.sum(np.diff(recall, prepend=0) * precision) == pytest.approx(auprc(*columns)[0])


def test_a_class_of_one_kind_has_no_curve() -> None:
    assert rank_points(np.array([1, 1], dtype=np.int8), np.array([0.1, 0.2])) is None


def test_each_class_of_the_means_has_a_panel_and_each_arm_a_line(made: Make) -> None:
    study = small_study(arms_of_time(made))
    figure = class_curves(study, "roc")
    assert len(figure.layout.annotations) == 22
    assert {trace.name for trace in figure.data if trace.name} == {"T", "SSL-T", "random-T-linear"}
    assert sum(bool(trace.name) and trace.showlegend for trace in figure.data) == 3
    one = class_curves(study, "pr", CLASSES.codes[0])
    assert [note.text for note in one.layout.annotations] == [CLASSES.names[0]]


def test_gate_weights_are_means_over_folds_and_of_each(made: Make) -> None:
    study = small_study([made(f"data.fold={fold}") for fold in (0, 1)])
    (arm,) = study.arms
    table = gate_table(study, arm)
    # the made gate gives the series 0.7 on fold 0 and 0.5 on fold 1
    last = table.iloc[-1]
    assert (last["class"], last["time"], last["fold 0"], last["fold 1"]) == ("all records", "0.600", "0.70", "0.50")
    assert gates_section(small_study([made(TIME)])) is None


def test_learning_curves_show_each_run_and_its_pretraining(made: Make) -> None:
    encoder = pretrained(made)
    section = learning_section(small_study([made(TIME, encoder, f"data.fold={fold}") for fold in (0, 1)]))
    assert section is not None
    assert [drawing.name for drawing in section.drawings] == [
        "learning",
        "pretraining_loss",
        "pretraining_teacher_entropy",
    ]
    assert [list(trace.y) for trace in section.drawings[0].figure.data] == [[0.5, 0.25]] * 2
    (table,) = section.tables.values()
    shown = table[["pretraining", "runs", "loss", "feature rank"]].values.tolist()
    assert shown == [["pretrain-time", 1, "7.000", "–"]]


def test_calibration_thresholds_and_sets_are_shown_where_they_were_kept(made: Make) -> None:
    classes = [{"code": "a", "positives": 10, "covered": 9}, {"code": "b", "positives": 10, "covered": 10}]
    sets = {"alpha": 0.1, "mean_size": 3.0, "empty": 0.0, "single": 0.25, "undecided": 0.5, "per_class": classes}
    thresholds = {"per_class": 0.3, "shared": 0.2, "optimism": 0.05, "oracle": 0.4}
    kept = made(thresholds=thresholds, conformal=sets, calibration={"before": {"log_loss": 0.25}})
    tables = list(trust_section(small_study([kept, made("data.fold=1")])).tables.values())
    assert tables[0]["log-loss before the map (mean over folds)"][0] == "0.2500"
    assert tables[1].iloc[0].tolist() == ["TSG", "0.300", "0.200", "0.050", "0.400"]
    assert tables[2]["promised"][0] == "0.90"
    # Clopper and Pearson for 19 of 20
    assert tables[2]["diagnoses in the set [95 %]"][0] == "0.950 [0.751, 0.999]"
    assert len(trust_section(small_study([made("data.fold=1")])).tables) == 1


def group(name: str, records: int, positives: int, covered: int) -> dict[str, object]:
    return {"group": name, "records": records, "positives": positives, "covered": covered}


def test_coverage_by_group_is_summed_over_folds_with_an_interval_of_the_sum(made: Make) -> None:
    first = {"source": [group("a", 8, 9, 8)], "age": [group("under 20", 3, 3, 2), group("80 up", 5, 6, 6)]}
    second = {
        "source": [group("a", 7, 11, 11), group("b", 1, 0, 0)],
        "age": [group("20 to 39", 1, 1, 1), group("80 up", 6, 10, 9)],
    }
    runs = [
        made(f"data.fold={fold}", conformal={"alpha": 0.1, "per_class": [], "by_group": found})
        for fold, found in enumerate((first, second))
    ]
    section = trust_section(small_study([*runs, made("data.fold=2")]))
    assert "not at all for another source" in section.sentences[1]
    table = section.tables["Coverage of the conformal sets by source, sex and age, over all folds"]
    assert table[["by", "group", "records", "diagnoses", "in the set"]].values.tolist() == [
        ["source", "a", "15", "20", "19"],
        ["source", "b", "1", "0", "0"],
        ["age", "under 20", "3", "3", "2"],
        ["age", "20 to 39", "1", "1", "1"],
        ["age", "80 up", "11", "16", "15"],
    ]
    # Clopper and Pearson for 19 of 20
    assert table["coverage [95 %]"][:2].tolist() == ["0.950 [0.751, 0.999]", "–"]


def test_the_share_missed_by_one_threshold_is_a_mean_over_records(made: Make) -> None:
    def kept(diagnosed: int, missed: float | None, threshold: float) -> dict[str, object]:
        sizes = {"mean_size": 2.0, "empty": 0.0, "single": 0.5}
        return {"alpha": 0.1, "shared_set": {"diagnosed": diagnosed, "missed": missed, "threshold": threshold, **sizes}}

    runs = [
        made(f"data.fold={fold}", conformal=kept(*each))
        for fold, each in enumerate([(30, 0.2, 0.05), (10, 0.0, 0.125), (0, None, 0.1)])
    ]
    (table,) = [
        table
        for caption, table in trust_section(small_study(runs)).tables.items()
        if caption.startswith("Sets with one threshold")
    ]
    assert table.iloc[0].tolist() == ["TSG", "0.10", "0.150", "40", "2.00", "0.000", "0.500", "0.050 to 0.125"]
