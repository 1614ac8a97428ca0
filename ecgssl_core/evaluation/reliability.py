"""How far probabilities can be taken at their word: log-loss, Brier score, calibration error and its curve."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import UNKNOWN, Floats, Labels, as_labels, as_probabilities

_BINS = 15
# what log-loss takes for certain, so that one wrong certainty is costly and not infinite
_CERTAIN = 1e-12


@dataclass(frozen=True, eq=False)
class ReliabilityCurve:
    """Bins of equally many records, (bins,) each: mean probability, share of positives, number of records."""

    predicted: Floats
    observed: Floats
    count: NDArray[np.int64]


def log_loss(labels: NDArray[Any], probabilities: NDArray[Any]) -> Floats:
    """Give the mean log-loss of each class over its known labels, (classes,) in nats; NaN without any.

    All measures here take labels and probabilities of (records, classes); give them as one column for a pooled value.

    Raises:
        ValueError: shapes that differ, or a probability that is NaN or outside [0, 1].
    """
    columns = _known_columns(labels, probabilities)
    return np.array([_mean(_surprise(truth, values)) for truth, values in columns])


def brier_score(labels: NDArray[Any], probabilities: NDArray[Any]) -> Floats:
    """Give the mean squared error of each class over its known labels, (classes,) in [0, 1]; NaN without any.

    Raises:
        ValueError: as `log_loss`.
    """
    return np.array([_mean((values - truth) ** 2) for truth, values in _known_columns(labels, probabilities)])


def calibration_error(labels: NDArray[Any], probabilities: NDArray[Any], bins: int = _BINS) -> Floats:
    """Give the expected calibration error of each class, (classes,) in [0, 1]; NaN without a known label.

    The mean, over bins of equally many records, of the distance between mean probability and share of positives.

    Raises:
        ValueError: as `log_loss`, or fewer than one bin.
    """
    errors = []
    for truth, values in _known_columns(labels, probabilities):
        curve = _curve(truth, values, bins)
        gaps = np.abs(curve.predicted - curve.observed)
        errors.append(float(np.average(gaps, weights=curve.count)) if len(gaps) else float("nan"))
    return np.array(errors)


def reliability_curve(labels: NDArray[Any], probabilities: NDArray[Any], bins: int = _BINS) -> ReliabilityCurve:
    """Give the reliability curve of all known labels pooled; fewer records than bins give a bin each.

    Raises:
        ValueError: as `log_loss`, or fewer than one bin.
    """
    checked = as_labels(labels)
    exact = as_probabilities(probabilities, checked)
    known = checked != UNKNOWN
    return _curve(checked[known], exact[known], bins)


def _known_columns(labels: NDArray[Any], probabilities: NDArray[Any]) -> list[tuple[Labels, Floats]]:
    checked = as_labels(labels)
    exact = as_probabilities(probabilities, checked)
    known = checked != UNKNOWN
    return [(checked[rows, column], exact[rows, column]) for column, rows in enumerate(known.T)]


def _curve(labels: Labels, probabilities: Floats, bins: int) -> ReliabilityCurve:
    if bins < 1:
        raise ValueError(f"{bins} bins cannot hold a record")
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    predicted = np.array([probabilities[part].mean() for part in parts])
    observed = np.array([labels[part].mean() for part in parts])
    return ReliabilityCurve(predicted, observed, np.array([len(part) for part in parts], dtype=np.int64))


def _surprise(labels: Labels, probabilities: Floats) -> Floats:
    doubtful = np.clip(probabilities, _CERTAIN, 1 - _CERTAIN)
    surprise: Floats = -np.log(np.where(labels == 1, doubtful, 1 - doubtful))
    return surprise


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else float("nan")
