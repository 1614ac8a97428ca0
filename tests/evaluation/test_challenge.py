"""The challenge metric against values worked by hand and a plain loop over all pairs."""

import csv
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ecgssl_core.evaluation.challenge import NORMAL_CODE, challenge_metric, challenge_weights, record_credits

# sinus rhythm, atrial fibrillation, sinus bradycardia
WEIGHTS = np.array([[1.0, 0.25, 0.45], [0.25, 1.0, 0.0], [0.45, 0.0, 1.0]])
LABELS = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 1]], dtype=np.int8)
OUTPUTS = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]])


def raw_by_loop(labels: Any, outputs: Any, weights: Any) -> float:
    """Give the raw score, adding up every pair of true class and output of every record."""
    total = 0.0
    for truth, said in zip(labels == 1, outputs == 1, strict=True):
        named = max(int((truth | said).sum()), 1)
        for row in range(len(truth)):
            for column in range(len(truth)):
                if truth[row] and said[column] and not np.isnan(weights[row, column]):
                    total += weights[row, column] / named
    return total


def metric_by_loop(labels: Any, outputs: Any, weights: Any, normal: int) -> float:
    only_normal = np.zeros_like(labels)
    only_normal[:, normal] = 1
    observed, correct, inactive = (raw_by_loop(labels, said, weights) for said in (outputs, labels, only_normal))
    return 0.0 if correct == inactive else (observed - inactive) / (correct - inactive)


def test_the_worked_example_gives_the_printed_values() -> None:
    credits = record_credits(LABELS, OUTPUTS == 1, WEIGHTS, 0)
    sums = (credits.observed.sum(), credits.correct.sum(), credits.inactive.sum())
    assert sums == pytest.approx((2.35, 3.45, 1.85), abs=1e-12)
    assert challenge_metric(LABELS, OUTPUTS, WEIGHTS, 0) == pytest.approx(0.3125, abs=1e-12)


def test_perfect_is_one_always_normal_zero_and_silence_negative() -> None:
    always_normal = np.tile([1, 0, 0], (3, 1))
    assert challenge_metric(LABELS, LABELS, WEIGHTS, 0) == 1.0
    assert challenge_metric(LABELS, always_normal, WEIGHTS, 0) == 0.0
    assert challenge_metric(LABELS, np.zeros((3, 3)), WEIGHTS, 0) < 0


@pytest.mark.parametrize("seed", range(10))
def test_the_metric_equals_a_plain_loop_with_asymmetric_weights(made: Callable[..., Any], seed: int) -> None:
    answers = made(seed, records=30)
    assert not np.allclose(answers.weights, answers.weights.T)
    reference = metric_by_loop(answers.labels, answers.outputs, answers.weights, answers.normal)
    found = challenge_metric(answers.labels, answers.outputs, answers.weights, answers.normal)
    assert found == pytest.approx(reference, abs=1e-12)


def test_rows_are_true_classes_and_columns_are_outputs() -> None:
    weights = np.array([[1.0, 0.5], [0.0, 1.0]])
    earned = record_credits(np.array([[1, 0]], dtype=np.int8), np.array([[False, True]]), weights, 0)
    assert earned.observed[0] == 0.25


def test_a_nan_weight_counts_as_nothing() -> None:
    weights = WEIGHTS.copy()
    weights[1, 0] = np.nan
    zero = np.nan_to_num(weights)
    assert challenge_metric(LABELS, OUTPUTS, weights, 0) == challenge_metric(LABELS, OUTPUTS, zero, 0)


@pytest.mark.parametrize("labels", [np.tile([1, 0, 0], (7, 1)), np.zeros((7, 3), dtype=np.int8)])
def test_the_metric_is_zero_where_nothing_can_be_won(labels: Any) -> None:
    assert challenge_metric(labels, np.ones((7, 3)), WEIGHTS, 0) == 0.0


def test_false_alarms_on_a_record_without_labels_are_free() -> None:
    labels = np.vstack((LABELS, np.zeros((1, 3), dtype=np.int8)))
    loud, silent = np.vstack((OUTPUTS, np.ones((1, 3)))), np.vstack((OUTPUTS, np.zeros((1, 3))))
    assert challenge_metric(labels, loud, WEIGHTS, 0) == challenge_metric(labels, silent, WEIGHTS, 0)


def test_an_unknown_label_counts_as_negative() -> None:
    labels = LABELS.copy()
    labels[0, 1] = -1
    assert challenge_metric(labels, OUTPUTS, WEIGHTS, 0) == challenge_metric(LABELS, OUTPUTS, WEIGHTS, 0)


def test_the_stored_weights_come_in_the_order_asked_for() -> None:
    fibrillation, flutter = "164889003", "164890007"
    weights = challenge_weights([NORMAL_CODE, fibrillation, flutter])
    np.testing.assert_array_equal(weights, [[1.0, 0.25, 0.25], [0.25, 1.0, 0.5], [0.25, 0.5, 1.0]])
    np.testing.assert_array_equal(challenge_weights([flutter, NORMAL_CODE]), weights[np.ix_([2, 0], [2, 0])])


def test_a_code_that_is_not_scored_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="733534002 is not scored"):
        challenge_weights([NORMAL_CODE, "733534002"])


@pytest.mark.parametrize(("weights", "normal"), [(np.eye(2), 0), (np.eye(3), 3), (np.eye(3), -1)])
def test_weights_that_do_not_fit_are_refused(weights: Any, normal: int) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        challenge_metric(LABELS, OUTPUTS, weights, normal)


def test_the_weights_of_2021_are_the_published_ones_under_either_code_of_a_pair(shared: Callable[[str], Path]) -> None:
    rows = list(csv.reader((shared("scoring") / "2021" / "weights.csv").read_text().splitlines()))
    for part in (0, -1):
        codes = [name.split("|")[part] for name in rows[0][1:]]
        expected = [[float(cell) for cell in row[1:27]] for row in rows[1:]]
        np.testing.assert_array_equal(challenge_weights(codes, 2021), expected)


def test_the_tables_have_their_licence_beside_them() -> None:
    text = (files("ecgssl_core.evaluation") / "tables" / "LICENSE").read_text()
    assert "BSD 2-Clause" in text
    tables = [path.name for path in (files("ecgssl_core.evaluation") / "tables").iterdir() if path.name != "LICENSE"]
    assert sorted(tables) == ["challenge_2020.csv", "challenge_2021.csv"]
    assert all(name in text for name in tables)
