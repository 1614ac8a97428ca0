"""Class-wise risk control: thresholds that leave a true class out of a record's set with at most a chosen probability.

Class-conditional split conformal prediction; the promise holds for new records drawn as the calibration records were.
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
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is a probability in (0, 1), not {alpha}")
    checked = as_labels(labels)
    exact = as_scores(scores, checked)
    positives = [np.sort(column[has]) for column, has in zip(exact.T, (checked == 1).T, strict=True)]
    return np.array([_kth_smallest(values, alpha) for values in positives])


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


def _kth_smallest(ordered: Floats, alpha: float) -> float:
    place = int(np.floor(alpha * (len(ordered) + 1) + _ROUNDING))
    return float(ordered[place - 1]) if place else -np.inf
