"""Risk control: thresholds that leave a true class out of a record's set with at most a chosen probability.

Class by class (class-conditional split conformal prediction), or one for all; either promise holds for new records
drawn as the calibration records were.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats, Outputs, as_labels, as_scores

# alpha * (m + 1) may fall short of a whole number by rounding alone: 0.29 * 100 is 28.999999999999996
_ROUNDING = 1e-9


def sets_threshold(scores: NDArray[Any], labels: NDArray[Any], alpha: float) -> Floats:
    """Give the threshold of each class, (classes,): a record's set holds the classes whose score reaches it.

    With m positives it is the k-th smallest of their scores, k = floor(alpha * (m + 1)); with k = 0, too few positives
    for this alpha, it is minus infinity: the class is always in the set.

    Args:
        scores: (records, classes), of records that chose nothing else of the model, one record a patient.
        labels: (records, classes), 1, 0 or -1 for unknown; only positives count.
        alpha: largest probability that a true class is left out, in (0, 1).

    Raises:
        ValueError: alpha lies outside (0, 1), a score is NaN, or the shapes differ.
    """
    _refuse_no_risk(alpha)
    checked = as_labels(labels)
    exact = as_scores(scores, checked)
    positives = [np.sort(column[has]) for column, has in zip(exact.T, (checked == 1).T, strict=True)]
    return np.array([_kth_smallest(values, alpha) for values in positives])


def shared_threshold(scores: NDArray[Any], labels: NDArray[Any], alpha: float) -> float:
    """Give the one threshold for all classes whose sets leave out at most a share alpha of a record's classes.

    The largest, so that sets are smallest, with (m * R + 1) / (m + 1) <= alpha, where R is the mean over the m records
    of the share of their classes that score below it (conformal risk control: Angelopoulos et al. 2022,
    arXiv:2208.02814, for a loss of at most 1). Minus infinity, every class in every set, where m is too small.

    Args:
        scores: (records, classes), on one scale for all classes, of records that chose nothing else of the model, one
            record a patient.
        labels: (records, classes), 1, 0 or -1 for unknown; a record without a 1 has no share and is left out.
        alpha: largest expected share that is left out, in (0, 1).

    Raises:
        ValueError: as `sets_threshold`.
    """
    _refuse_no_risk(alpha)
    checked = as_labels(labels)
    exact = as_scores(scores, checked)
    has = checked == 1
    of_record = has.sum(axis=1)
    allowed = alpha * (int((of_record > 0).sum()) + 1) - 1 + _ROUNDING
    if allowed < 0 or not has.any():
        return -np.inf
    values, place = np.unique(exact[has], return_inverse=True)
    losses = np.bincount(place, weights=np.repeat(1 / of_record[of_record > 0], of_record[of_record > 0]))
    below = np.concatenate(([0.0], np.cumsum(losses)[:-1]))  # summed over records, with the threshold at each value
    return float(values[below <= allowed][-1])


def in_sets(scores: NDArray[Any], thresholds: Floats) -> Outputs:
    """Give which classes are in each record's set, (…, classes): those whose score is at least the threshold."""
    inside: Outputs = scores >= thresholds
    return inside


def answer_bounds(scores: NDArray[Any], labels: NDArray[Any], alpha: float) -> tuple[Floats, Floats]:
    """Give two scores a class, (classes,) each: below the first it is absent, above the second present, else undecided.

    The first leaves out a true class with at most probability alpha, the second names an absent one with at most alpha.
    Where the two cross, what lies between them is undecided. The arguments and errors are those of `sets_threshold`.
    """
    absent_below = sets_threshold(scores, labels, alpha)
    checked = as_labels(labels)
    mirrored = np.where(checked == -1, -1, 1 - checked)  # the negatives, counted from above
    present_above = -sets_threshold(-scores.astype(np.float64), mirrored, alpha)
    return np.minimum(absent_below, present_above), np.maximum(absent_below, present_above)


def _refuse_no_risk(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is a probability in (0, 1), not {alpha}")


def _kth_smallest(ordered: Floats, alpha: float) -> float:
    place = int(np.floor(alpha * (len(ordered) + 1) + _ROUNDING))
    return float(ordered[place - 1]) if place else -np.inf
