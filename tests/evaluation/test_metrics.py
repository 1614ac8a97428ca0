"""The metrics against values worked by hand, plain loops and scikit-learn."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from ecgssl_core.evaluation.metrics import accuracy, auprc, auroc, f_beta, f_measure, g_beta, macro, rank_curves

LABELS = np.array([[1, 0], [0, 1], [1, 1], [0, 0]], dtype=np.int8)
SCORES = np.array([[0.9, 0.4], [0.8, 0.4], [0.3, 0.6], [0.1, 0.2]])


def auroc_by_pairs(labels: Any, scores: Any) -> float:
    """Give the share of (positive, negative) pairs in the right order, equal ones counting half."""
    won, pairs = 0.0, 0
    for positive in scores[labels == 1]:
        for negative in scores[labels == 0]:
            won += 1.0 if positive > negative else 0.5 if positive == negative else 0.0
            pairs += 1
    return won / pairs if pairs else float("nan")


def auprc_by_steps(labels: Any, scores: Any) -> float:
    """Give the sum over falling thresholds of precision times the rise of sensitivity."""
    known = labels != -1
    positives = int((labels == 1).sum())
    area, before = 0.0, 0
    for threshold in sorted(set(scores[known]), reverse=True):
        called = known & (scores >= threshold)
        hits = int((labels[called] == 1).sum())
        area += (hits - before) / positives * hits / int(called.sum()) if positives else 0.0
        before = hits
    return area if positives else float("nan")


def cells_by_loop(labels: Any, outputs: Any, share: bool) -> list[list[float]]:
    """Give hits, alarms and misses of each class, counting record by record."""
    cells = [[0.0, 0.0, 0.0] for _ in range(labels.shape[1])]
    for truth, said in zip(labels, outputs, strict=True):
        worth = 1 / max(int((truth == 1).sum()), 1) if share else 1.0
        for column in range(len(truth)):
            if truth[column] == 1 and said[column]:
                cells[column][0] += worth
            elif truth[column] == 0 and said[column]:
                cells[column][1] += worth
            elif truth[column] == 1:
                cells[column][2] += worth
    return cells


def test_the_worked_example_gives_the_printed_values() -> None:
    outputs = SCORES >= 0.5
    assert macro(auroc(LABELS, SCORES)) == pytest.approx(0.8125, abs=1e-12)
    assert macro(auprc(LABELS, SCORES)) == pytest.approx(0.8333333, abs=1e-7)
    assert accuracy(LABELS, outputs) == 0.5
    assert macro(f_measure(LABELS, outputs)) == pytest.approx(0.5833333, abs=1e-7)
    assert macro(f_beta(LABELS, outputs)) == pytest.approx(0.5048077, abs=1e-7)
    assert macro(g_beta(LABELS, outputs)) == pytest.approx(0.2666667, abs=1e-7)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("unknown", [0.0, 0.3])
def test_areas_equal_plain_loops(made: Callable[..., Any], seed: int, unknown: float) -> None:
    answers = made(seed, records=40, unknown=unknown)
    columns = list(zip(answers.labels.T, answers.scores.T, strict=True))
    roc, precision_recall = rank_curves(answers.labels, answers.scores)
    np.testing.assert_allclose(roc, [auroc_by_pairs(*column) for column in columns], rtol=0, atol=1e-12)
    np.testing.assert_allclose(precision_recall, [auprc_by_steps(*column) for column in columns], rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
def test_f_and_g_equal_plain_loops(made: Callable[..., Any], seed: int, beta: float) -> None:
    answers = made(seed, records=40)
    plain = cells_by_loop(answers.labels, answers.outputs, share=False)
    shared = cells_by_loop(answers.labels, answers.outputs, share=True)
    f_one = [2 * h / (2 * h + a + m) if h + a + m else np.nan for h, a, m in plain]
    f = [(1 + beta**2) * h / ((1 + beta**2) * h + a + beta**2 * m) if h + a + m else np.nan for h, a, m in shared]
    g = [h / (h + a + beta * m) if h + a + m else np.nan for h, a, m in shared]
    np.testing.assert_allclose(f_measure(answers.labels, answers.outputs), f_one, rtol=0, atol=1e-12)
    np.testing.assert_allclose(f_beta(answers.labels, answers.outputs, beta), f, rtol=0, atol=1e-12)
    np.testing.assert_allclose(g_beta(answers.labels, answers.outputs, beta), g, rtol=0, atol=1e-12)


def test_areas_equal_scikit_learn_on_many_ties(made: Callable[..., Any]) -> None:
    answers = made(3, records=2000, classes=24)
    roc, precision_recall = rank_curves(answers.labels, answers.scores)
    np.testing.assert_allclose(roc, roc_auc_score(answers.labels, answers.scores, average=None), rtol=0, atol=1e-12)
    reference = average_precision_score(answers.labels, answers.scores, average=None)
    np.testing.assert_allclose(precision_recall, reference, rtol=0, atol=1e-12)


def test_a_class_without_positives_has_no_area_and_leaves_the_mean() -> None:
    labels = LABELS.copy()
    labels[:, 1] = 0
    roc, precision_recall = rank_curves(labels, SCORES)
    assert np.isnan([roc[1], precision_recall[1]]).all()
    assert macro(roc) == roc[0]


def test_a_class_without_negatives_has_auprc_one_and_no_auroc() -> None:
    labels = LABELS.copy()
    labels[:, 1] = 1
    roc, precision_recall = rank_curves(labels, SCORES)
    assert np.isnan(roc[1])
    assert precision_recall[1] == 1.0


def test_equal_scores_give_one_half_and_the_prevalence() -> None:
    labels = np.array([[1], [0], [0], [0]], dtype=np.int8)
    roc, precision_recall = rank_curves(labels, np.full((4, 1), 0.3))
    assert (roc[0], precision_recall[0]) == (0.5, 0.25)


def test_one_record_has_auprc_one_for_its_labels_only() -> None:
    roc, precision_recall = rank_curves(np.array([[1, 0]], dtype=np.int8), np.array([[0.1, 0.9]]))
    assert np.isnan(roc).all()
    assert precision_recall[0] == 1.0
    assert np.isnan(precision_recall[1])


def test_infinite_scores_keep_their_place() -> None:
    labels = np.array([[1], [1], [0], [0]], dtype=np.int8)
    assert auroc(labels, np.array([[np.inf], [0.0], [0.0], [-np.inf]]))[0] == 0.875


def test_a_class_with_an_output_but_no_label_has_f_zero_and_without_either_none() -> None:
    labels = np.array([[1, 0, 0], [1, 0, 0]], dtype=np.int8)
    outputs = np.array([[1, 1, 0], [1, 0, 0]])
    np.testing.assert_array_equal(f_measure(labels, outputs), [1.0, 0.0, np.nan])
    assert macro(f_measure(labels, outputs)) == 0.5


def test_an_unknown_label_leaves_rank_and_f_but_is_negative_for_accuracy_and_beta() -> None:
    labels = np.array([[1, 0], [0, 1], [-1, 0]], dtype=np.int8)
    outputs = np.array([[1, 0], [0, 1], [1, 0]])
    scores = np.array([[0.8, 0.1], [0.2, 0.9], [0.9, 0.2]])
    as_negative = np.maximum(labels, 0)
    assert auroc(labels, scores)[0] == 1.0
    assert auprc(labels, scores)[0] == 1.0
    assert f_measure(labels, outputs)[0] == 1.0
    assert accuracy(labels, outputs) == accuracy(as_negative, outputs) == pytest.approx(2 / 3)
    np.testing.assert_array_equal(f_beta(labels, outputs), f_beta(as_negative, outputs))
    np.testing.assert_array_equal(g_beta(labels, outputs), g_beta(as_negative, outputs))


def test_a_class_with_only_unknown_labels_has_no_value() -> None:
    labels = np.array([[-1], [-1]], dtype=np.int8)
    assert np.isnan([auroc(labels, np.array([[0.1], [0.2]]))[0], f_measure(labels, np.array([[1], [0]]))[0]]).all()


def test_a_silent_system_on_unlabelled_records_is_right_everywhere() -> None:
    nothing = np.zeros((3, 2), dtype=np.int8)
    assert accuracy(nothing, nothing) == 1.0
    assert np.isnan(macro(f_measure(nothing, nothing)))


def test_no_record_gives_no_value() -> None:
    empty = np.zeros((0, 2), dtype=np.int8)
    assert np.isnan(accuracy(empty, empty))
    assert np.isnan(auroc(empty, empty)).all()


@pytest.mark.parametrize("measure", [auroc, auprc])
def test_nan_scores_are_refused(measure: Callable[..., Any]) -> None:
    scores = SCORES.copy()
    scores[1, 1] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        measure(LABELS, scores)


@pytest.mark.parametrize(
    ("labels", "outputs", "sentence"),
    [
        (LABELS, np.ones((4, 3)), "shape"),
        (LABELS, np.full((4, 2), 0.5), "0 or 1"),
        (LABELS + 1, np.ones((4, 2)), "1, 0 or"),
        (LABELS[:, 0], np.ones(4), "records, classes"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(labels: Any, outputs: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        f_measure(labels, outputs)
