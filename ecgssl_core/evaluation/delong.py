"""DeLong's test: whether two systems' AUROCs differ on the same records, class by class, without resampling."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ecgssl_core.evaluation.arrays import UNKNOWN, Floats, Labels, as_labels, as_scores

_ROUNDING = 1e-15


@dataclass(frozen=True, eq=False)
class AurocDifferences:
    """AUROC of both systems, their difference with the ends of its interval, and the p-value; (classes,) each.

    All are NaN for a class without two positives and two negatives; the p-value also where the variance is 0 and the
    difference is not.
    """

    first: Floats
    second: Floats
    difference: Floats
    low: Floats
    high: Floats
    p: Floats


def delong(labels: NDArray[Any], first: NDArray[Any], second: NDArray[Any], level: float = 0.95) -> AurocDifferences:
    """Give DeLong's paired test of each class (DeLong et al. 1988, doi:10.2307/2531595; midranks as Sun & Xu 2014).

    It takes records for independent; where patients have several, the bootstrap by patient is the one to believe.

    Args:
        labels: (records, classes), 1, 0 or -1 for unknown, which is left out.
        first: (records, classes), scores of one system; equal ones count half.
        second: the same of the other.
        level: of the intervals.

    Raises:
        ValueError: shapes that differ, or a NaN score.
    """
    checked = as_labels(labels)
    both = (as_scores(first, checked), as_scores(second, checked))
    columns = [
        _one_class(checked[:, place], both[0][:, place], both[1][:, place], level) for place in range(checked.shape[1])
    ]
    return AurocDifferences(*np.array(columns, dtype=np.float64).reshape(-1, 6).T)


def _one_class(labels: Labels, first: Floats, second: Floats, level: float) -> tuple[float, ...]:
    known = labels != UNKNOWN
    has = labels[known] == 1
    if min(has.sum(), (~has).sum()) < 2:
        return (float("nan"),) * 6
    (one, one_positives, one_negatives), (other, other_positives, other_negatives) = (
        _placements(scores[known], has) for scores in (first, second)
    )
    # the variance of the difference is that of the differences of placements
    variance = float(
        np.var(one_positives - other_positives, ddof=1) / has.sum()
        + np.var(one_negatives - other_negatives, ddof=1) / (~has).sum()
    )
    error = np.sqrt(variance) if variance > _ROUNDING else 0.0
    difference = one - other
    reach = float(ndtri((1 + level) / 2)) * error
    return one, other, difference, difference - reach, difference + reach, _p_value(difference, error)


def _placements(scores: Floats, has: NDArray[np.bool_]) -> tuple[float, Floats, Floats]:
    """Give AUROC, and for each positive (negative) the share of negatives below (positives above), ties half."""
    together = _midranks(scores)
    positives, negatives = scores[has], scores[~has]
    below = (together[has] - _midranks(positives)) / len(negatives)
    above = 1 - (together[~has] - _midranks(negatives)) / len(positives)
    return float(below.mean()), below, above


def _midranks(values: Floats) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return ranks


def _p_value(difference: float, error: float) -> float:
    if error > 0:
        return float(2 * ndtr(-abs(difference) / error))
    return 1.0 if abs(difference) < _ROUNDING else float("nan")
