"""Thresholds of risk control: the right order statistic, and the promise kept on new records."""

import numpy as np
import pytest

from ecgssl_core.evaluation.conformal import in_sets, sets_threshold, shared_threshold
from ecgssl_core.evaluation.coverage import missed_share


def test_the_threshold_is_the_right_order_statistic() -> None:
    scores = np.arange(1, 20)[:, None] / 20
    labels = np.ones((19, 1), dtype=np.int8)
    assert sets_threshold(scores, labels, 0.05)[0] == 1 / 20
    assert sets_threshold(scores, labels, 0.1)[0] == 2 / 20
    assert sets_threshold(scores, labels, 0.149)[0] == 2 / 20


def test_a_whole_number_is_not_lost_to_rounding() -> None:
    scores = np.arange(99.0)[:, None]
    assert sets_threshold(scores, np.ones((99, 1)), 0.29)[0] == 28.0


@pytest.mark.parametrize("positives", [0, 1, 18])
def test_too_few_positives_put_the_class_into_every_set(positives: int) -> None:
    labels = (np.arange(30) < positives).astype(np.int8)[:, None]
    threshold = sets_threshold(np.random.default_rng(0).random((30, 1)), labels, 0.05)
    assert threshold[0] == -np.inf
    assert in_sets(np.array([[0.0], [-np.inf]]), threshold).all()


def test_a_score_equal_to_the_threshold_is_in_the_set() -> None:
    np.testing.assert_array_equal(in_sets(np.array([[0.5, 0.5]]), np.array([0.5, 0.51])), [[True, False]])


def test_only_known_positives_count() -> None:
    scores = np.array([[0.1], [0.2], [0.3], [0.9]])
    assert sets_threshold(scores, np.array([[0], [-1], [1], [1]]), 0.5)[0] == 0.3


def test_a_true_class_is_left_out_at_most_as_often_as_promised() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(size=(2000, 60))
    thresholds = sets_threshold(scores, np.ones_like(scores), 0.1)
    left_out = 1 - in_sets(random.normal(size=(2000, 60)), thresholds).mean()
    assert 0.09 < left_out < 0.105


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1])
def test_an_alpha_that_is_no_risk_is_refused(alpha: float) -> None:
    with pytest.raises(ValueError, match="alpha"):
        sets_threshold(np.ones((2, 1)), np.ones((2, 1)), alpha)


def test_nan_scores_are_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        sets_threshold(np.array([[np.nan]]), np.ones((1, 1)), 0.1)


def test_one_threshold_for_all_classes_worked_by_hand() -> None:
    # losses as the threshold passes a score: 0.2 → 1/2, 0.3 → 1, 0.5 → 1/2, 0.6 → 1, 0.8 → 1
    scores = np.array([[0.2, 0.5, 0.9], [0.3, 0.9, 0.9], [0.9, 0.6, 0.9], [0.9, 0.9, 0.8], [0.1, 0.1, 0.1]])
    labels = np.array([[1, 1, 0], [1, 0, 0], [0, 1, -1], [0, 0, 1], [0, 0, -1]])  # the last has no class: m = 4
    # (4 R + 1) / 5 <= alpha means a sum of losses of at most 5 alpha - 1
    assert shared_threshold(scores, labels, 0.19) == -np.inf
    assert shared_threshold(scores, labels, 0.2) == 0.2
    assert shared_threshold(scores, labels, 0.3) == 0.3
    assert shared_threshold(scores, labels, 0.49) == 0.3
    assert shared_threshold(scores, labels, 0.5) == 0.5
    assert shared_threshold(scores, labels, 0.6) == 0.6
    assert shared_threshold(scores, labels, 0.79) == 0.6
    assert shared_threshold(scores, labels, 0.8) == 0.8


def test_equal_scores_are_left_out_together() -> None:
    labels = np.ones((9, 1))
    scores = np.array([0.1, 0.4, 0.4, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])[:, None]
    assert shared_threshold(scores, labels, 0.2) == 0.4  # one may be missed, all three 0.4 may not
    assert shared_threshold(scores, labels, 0.5) == 0.5


@pytest.mark.parametrize("alpha", [0.05, 0.1, 0.2])
def test_the_shared_threshold_is_the_largest_that_obeys_the_bound(alpha: float) -> None:
    random = np.random.default_rng(2)
    labels = (random.random((120, 5)) < 0.3).astype(np.int8)
    scores = random.normal(size=labels.shape) + labels

    def bound(threshold: float) -> float:
        missed = missed_share(labels, in_sets(scores, np.full(5, threshold)))
        known = missed[~np.isnan(missed)]
        return float((known.sum() + 1) / (len(known) + 1))

    found = shared_threshold(scores, labels, alpha)
    assert bound(found) <= alpha < bound(np.nextafter(found, np.inf))


def test_new_records_miss_at_most_the_promised_share() -> None:
    random = np.random.default_rng(0)
    missed = []
    for _ in range(300):
        labels = (random.random((120, 4)) < 0.4).astype(np.int8)
        scores = random.normal(size=labels.shape) + 2 * labels
        threshold = shared_threshold(scores[:60], labels[:60], 0.1)
        missed.append(np.nanmean(missed_share(labels[60:], in_sets(scores[60:], np.full(4, threshold)))))
    assert 0.08 < np.mean(missed) < 0.105


def test_without_a_known_class_every_class_is_in_the_shared_set() -> None:
    assert shared_threshold(np.ones((30, 2)), np.zeros((30, 2)), 0.5) == -np.inf
    with pytest.raises(ValueError, match="alpha"):
        shared_threshold(np.ones((2, 1)), np.ones((2, 1)), 1.0)
