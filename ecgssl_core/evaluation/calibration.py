"""From logits to probabilities: one temperature for all classes, or one and a bias for a class with many records.

Temperature scaling: Guo et al. 2017 (arXiv:1706.04599).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit

from ecgssl_core.evaluation.arrays import UNKNOWN, Floats, Labels, as_labels, as_scores

_TEMPERATURES = (0.05, 20.0)
_BIASES = (-20.0, 20.0)
_LEAST_OF_EACH = 50


@dataclass(frozen=True, eq=False)
class Calibration:
    """A rising map from logit to probability for each class: (classes,) temperatures and biases."""

    temperature: Floats
    bias: Floats

    def apply(self, logits: NDArray[Any]) -> Floats:
        """Give the probabilities, (…, classes): the logistic function of logits / temperature + bias.

        Raises:
            ValueError: the last axis is not the classes.
        """
        if logits.shape[-1] != len(self.temperature):
            raise ValueError(f"logits of {logits.shape[-1]} classes, calibrated for {len(self.temperature)}")
        probabilities: Floats = expit(logits.astype(np.float64) / self.temperature + self.bias)
        return probabilities


def fit_calibration(logits: NDArray[Any], labels: NDArray[Any]) -> Calibration:
    """Fit by log-loss on validation records.

    One temperature for all classes; a class with at least 50 positives and 50 negatives has its own temperature and
    bias, unless its logits separate them perfectly. The others keep the shared temperature and no bias. Unknown labels
    are left out.

    Args:
        logits: (records, classes), finite.
        labels: (records, classes), 1, 0 or -1 for unknown.

    Raises:
        ValueError: shapes that differ, a logit that is not finite, or no known label at all.
    """
    checked = as_labels(labels)
    exact = as_scores(logits, checked)
    known = checked != UNKNOWN
    if not np.isfinite(exact).all() or not known.any():
        raise ValueError("calibration needs finite logits and at least one known label")
    shared = _shared_temperature(exact[known], checked[known])
    temperature, bias = np.full(exact.shape[1], shared), np.zeros(exact.shape[1])
    for column in range(exact.shape[1]):
        of_class = known[:, column]
        values, truth = exact[of_class, column], checked[of_class, column]
        if _has_enough(values, truth):
            temperature[column], bias[column] = _own_fit(values, truth, shared)
    return Calibration(temperature, bias)


def _shared_temperature(logits: Floats, labels: Labels) -> float:
    def loss(log_temperature: float) -> float:
        return _log_loss(logits / np.exp(log_temperature), labels)

    limits = (float(np.log(_TEMPERATURES[0])), float(np.log(_TEMPERATURES[1])))
    found = minimize_scalar(loss, bounds=limits, method="bounded", options={"xatol": 1e-8})
    return float(np.exp(found.x))


def _own_fit(logits: Floats, labels: Labels, start: float) -> tuple[float, float]:
    """Give temperature and bias of one class; the loss is convex in 1 / temperature and bias."""

    def loss(parameters: Floats) -> tuple[float, Floats]:
        shifted = logits * parameters[0] + parameters[1]
        surplus = expit(shifted) - labels
        return _log_loss(shifted, labels), np.array([np.mean(surplus * logits), np.mean(surplus)])

    limits = [(1 / _TEMPERATURES[1], 1 / _TEMPERATURES[0]), _BIASES]
    found = minimize(loss, np.array([1 / start, 0.0]), jac=True, method="L-BFGS-B", bounds=limits)
    return float(1 / found.x[0]), float(found.x[1])


def _has_enough(logits: Floats, labels: Labels) -> bool:
    positives, negatives = logits[labels == 1], logits[labels == 0]
    if min(len(positives), len(negatives)) < _LEAST_OF_EACH:
        return False
    # separated logits pull the temperature to its lower end, and every probability to 0 or 1
    return bool(positives.min() <= negatives.max() and negatives.min() <= positives.max())


def _log_loss(logits: Floats, labels: Labels) -> float:
    return float(np.mean(np.logaddexp(0, logits) - labels * logits))
