"""Logistic regression of each class on a few features of a record, with a penalty on large weights."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Logistic:
    """Means and deviations of the features, (features,), weights (features, classes) and intercepts (classes,)."""

    mean: Floats
    deviation: Floats
    weights: Floats
    intercepts: Floats

    def logits(self, features: Floats) -> Floats:
        """Give (records, classes) of features (records, features); a missing feature (NaN) counts as average."""
        scaled = np.nan_to_num((features - self.mean) / self.deviation, nan=0.0)
        result: Floats = scaled @ self.weights + self.intercepts
        return result


def fit_logistic(features: Floats, labels: Labels, penalty: float) -> Logistic:
    """Fit one model a class by maximum likelihood less penalty / 2 times the squared length of its weights.

    A class without a positive or a negative has no weights, and its prevalence as intercept.

    Args:
        features: (records, features), NaN where missing.
        labels: (records, classes), 1, 0 or -1 for unknown, which is left out.
        penalty: positive.
    """
    known = np.isfinite(features).any(axis=0)
    mean, deviation = np.zeros(features.shape[1]), np.ones(features.shape[1])
    mean[known], deviation[known] = np.nanmean(features[:, known], axis=0), np.nanstd(features[:, known], axis=0)
    deviation[deviation < 1e-9] = 1.0  # a constant feature becomes 0
    scaled = np.nan_to_num((features - mean) / deviation, nan=0.0)
    weights, intercepts = np.zeros((features.shape[1], labels.shape[1])), prevalence_logits(labels)
    for place, column in enumerate(labels.T):
        rows = column != -1
        truth = column[rows].astype(np.float64)
        if truth.size and truth.min() < truth.max():
            found = _fit_class(scaled[rows], truth, penalty, intercepts[place])
            weights[:, place], intercepts[place] = found[:-1], found[-1]
    return Logistic(mean, deviation, weights, intercepts)


def prevalence_logits(labels: Labels) -> Floats:
    """Give the log-odds of each class among its known labels, (classes,), half a record of each kind added."""
    positives, known = (labels == 1).sum(axis=0), (labels != -1).sum(axis=0)
    odds: Floats = logit((positives + 0.5) / (known + 1))
    return odds


def _fit_class(scaled: Floats, truth: Floats, penalty: float, start: float) -> Floats:
    def loss(line: Floats) -> tuple[float, Floats]:
        shifted = scaled @ line[:-1] + line[-1]
        surplus = expit(shifted) - truth
        value = np.sum(np.logaddexp(0, shifted) - truth * shifted) + penalty / 2 * (line[:-1] ** 2).sum()
        return float(value), np.append(scaled.T @ surplus + penalty * line[:-1], surplus.sum())

    first = np.append(np.zeros(scaled.shape[1]), start)
    found: Floats = minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return found
