"""Slope and intercept of calibration: recovered where they are known, refused where they cannot be told."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from ecgssl_core.evaluation.calibration_line import calibration_line


def drawn(slope: float, intercept: float, records: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    odds = random.normal(-1, 1.5, (records, 2))
    labels = (random.random(odds.shape) < expit(slope * odds + intercept)).astype(np.int8)
    return labels, expit(odds)


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.5, 0.4), (2.0, -1.0)])
def test_the_line_that_made_the_labels_is_found(slope: float, intercept: float) -> None:
    found = calibration_line(*drawn(slope, intercept))
    assert found.slope == pytest.approx(slope, abs=0.05)
    assert found.intercept == pytest.approx(intercept, abs=0.06)


def test_the_fit_is_that_of_another_program() -> None:
    labels, probabilities = drawn(0.7, 0.2, records=300)
    odds = np.log(probabilities / (1 - probabilities))
    other = LogisticRegression(C=1e10, tol=1e-10).fit(odds.reshape(-1, 1), labels.ravel())
    found = calibration_line(labels, probabilities)
    assert found.slope == pytest.approx(other.coef_[0, 0], abs=1e-4)
    assert found.intercept == pytest.approx(other.intercept_[0], abs=1e-4)


def test_unknown_labels_are_left_out() -> None:
    labels, probabilities = drawn(0.7, 0.2, records=300)
    labels[:100] = -1
    assert calibration_line(labels, probabilities) == calibration_line(labels[100:], probabilities[100:])


def test_what_cannot_be_told_is_nan() -> None:
    probabilities = np.array([[0.1], [0.2], [0.8], [0.9]])
    for labels, given in (
        (np.ones((4, 1)), probabilities),
        (np.array([[0], [0], [1], [1]]), probabilities),
        (np.array([[0], [1], [0], [1]]), np.full((4, 1), 0.3)),
        (np.full((4, 1), -1), probabilities),
    ):
        found = calibration_line(labels, given)
        assert np.isnan(found.slope)
        assert np.isnan(found.intercept)
