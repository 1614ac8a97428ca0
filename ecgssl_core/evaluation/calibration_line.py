"""Calibration slope and intercept: whether probabilities are too extreme, and whether too high on the whole."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

from ecgssl_core.evaluation.arrays import UNKNOWN, Floats, as_labels, as_probabilities

_CERTAIN = 1e-12


@dataclass(frozen=True)
class CalibrationLine:
    """The log-odds of having a class as a line in the predicted log-odds; perfect is slope 1, intercept 0.

    A slope below 1 says that probabilities are too extreme. Both are NaN where they cannot be told: without both kinds
    of label, with all probabilities alike, or with probabilities that separate the kinds.
    """

    slope: float
    intercept: float


def calibration_line(labels: NDArray[Any], probabilities: NDArray[Any]) -> CalibrationLine:
    """Fit the line over all known labels together by maximum likelihood (Cox 1958, doi:10.2307/2333203).

    Args:
        labels: (records, classes), 1, 0 or -1 for unknown, which is left out.
        probabilities: (records, classes), in [0, 1]; give one column for the line of a class.

    Raises:
        ValueError: shapes that differ, or a probability that is NaN or outside [0, 1].
    """
    checked = as_labels(labels)
    exact = as_probabilities(probabilities, checked)
    known = checked != UNKNOWN
    truth, odds = checked[known].astype(np.float64), logit(np.clip(exact[known], _CERTAIN, 1 - _CERTAIN))
    if not _can_be_told(truth, odds):
        return CalibrationLine(float("nan"), float("nan"))

    def loss(line: Floats) -> tuple[float, Floats]:
        shifted = line[0] * odds + line[1]
        surplus = expit(shifted) - truth
        value = float(np.mean(np.logaddexp(0, shifted) - truth * shifted))
        return value, np.array([np.mean(surplus * odds), np.mean(surplus)])

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="BFGS", options={"gtol": 1e-9})
    return CalibrationLine(float(found.x[0]), float(found.x[1]))


def _can_be_told(truth: Floats, odds: Floats) -> bool:
    if not truth.size or truth.min() == truth.max() or np.ptp(odds) == 0:
        return False
    positives, negatives = odds[truth == 1], odds[truth == 0]
    return bool(positives.min() < negatives.max() and negatives.min() < positives.max())
