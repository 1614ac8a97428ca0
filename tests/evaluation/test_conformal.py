"""Thresholds of risk control: the right order statistic, and the promise kept on new records."""

import numpy as np
import pytest

from ecgssl_core.evaluation.conformal import in_sets, sets_threshold


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
