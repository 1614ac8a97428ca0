"""Log-loss, Brier score and calibration error against values worked by hand and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as reference_log_loss

from ecgssl_core.evaluation.reliability import brier_score, calibration_error, log_loss, reliability_curve


def sample(records: int = 200) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    probabilities = random.random((records, 3))
    return (random.random(probabilities.shape) < probabilities).astype(np.int8), probabilities


def test_log_loss_and_brier_score_equal_scikit_learn() -> None:
    labels, probabilities = sample()
    for column in range(3):
        truth, said = labels[:, column], probabilities[:, column]
        assert log_loss(labels, probabilities)[column] == pytest.approx(reference_log_loss(truth, said), abs=1e-12)
        assert brier_score(labels, probabilities)[column] == pytest.approx(brier_score_loss(truth, said), abs=1e-12)


def test_the_calibration_error_of_two_bins_is_that_worked_by_hand() -> None:
    labels = np.array([[0], [1], [1], [1]], dtype=np.int8)
    probabilities = np.array([[0.1], [0.3], [0.6], [0.8]])
    # bins (0.1, 0.3) with 1 of 2 positive and (0.6, 0.8) with both: gaps 0.3 and 0.3
    assert calibration_error(labels, probabilities, bins=2)[0] == pytest.approx(0.3, abs=1e-12)


def test_bins_hold_equally_many_records_and_follow_the_probability() -> None:
    labels, probabilities = sample(300)
    curve = reliability_curve(labels, probabilities)
    np.testing.assert_array_equal(curve.count, np.full(15, 60))
    assert (np.diff(curve.predicted) > 0).all()
    assert np.abs(curve.predicted - curve.observed).max() < 0.25
    assert len(reliability_curve(labels[:3], probabilities[:3], bins=15).count) == 9


def test_true_probabilities_have_a_smaller_error_than_exaggerated_ones() -> None:
    labels, probabilities = sample(3000)
    exaggerated = np.round(probabilities)
    assert (calibration_error(labels, probabilities) < 0.06).all()
    assert (calibration_error(labels, exaggerated) > 0.2).all()


def test_unknown_labels_are_left_out_and_a_class_without_known_ones_has_no_value() -> None:
    labels = np.array([[1, -1], [-1, -1], [0, -1]], dtype=np.int8)
    probabilities = np.array([[1.0, 0.5], [0.0, 0.5], [0.0, 0.5]])
    for measure in (log_loss, brier_score, calibration_error):
        values = measure(labels, probabilities)
        assert values[0] == pytest.approx(0, abs=1e-11)
        assert np.isnan(values[1])


def test_one_wrong_certainty_costs_a_finite_loss() -> None:
    assert log_loss(np.array([[1]]), np.array([[0.0]]))[0] == pytest.approx(-np.log(1e-12))


def test_a_curve_without_bins_is_refused() -> None:
    with pytest.raises(ValueError, match="0 bins"):
        reliability_curve(np.array([[1]]), np.array([[0.5]]), bins=0)
