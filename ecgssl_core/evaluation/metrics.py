"""The metrics of the PhysioNet/CinC challenges of 2020 and 2021 but the challenge metric itself, by sort and count.

Labels are (records, classes): 1, 0, or -1 where it is unknown. An unknown label leaves its record out of AUROC, AUPRC
and F-measure of that class, and counts as negative everywhere else.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats, Labels, Outputs, as_labels, as_outputs, as_scores
from ecgssl_core.evaluation.cells import count_cells, label_shares
from ecgssl_core.evaluation.ranking import rank, rank_areas


def auroc(labels: NDArray[Any], scores: NDArray[Any]) -> Floats:
    """Give the area under the ROC curve of each class, (classes,); NaN for a class without a positive or a negative.

    Equal scores count half, as in the Mann-Whitney statistic; only the order of the scores matters.

    Raises:
        ValueError: a score is NaN, a label is not 1, 0 or -1, or the shapes differ.
    """
    return rank_curves(labels, scores)[0]


def auprc(labels: NDArray[Any], scores: NDArray[Any]) -> Floats:
    """Give the average precision of each class, (classes,); NaN for a class without a positive, 1 without a negative.

    The step rule at the lower threshold, without interpolation, equal scores taken together.

    Raises:
        ValueError: a score is NaN, a label is not 1, 0 or -1, or the shapes differ.
    """
    return rank_curves(labels, scores)[1]


def rank_curves(labels: NDArray[Any], scores: NDArray[Any]) -> tuple[Floats, Floats]:
    """Give `auroc` and `auprc` of each class from one sorting.

    Raises:
        ValueError: as these two.
    """
    checked = as_labels(labels)
    roc, precision_recall = rank_areas(rank(checked, as_scores(scores, checked)), np.ones((len(checked), 1)))
    return roc.ravel(), precision_recall.ravel()


def accuracy(labels: NDArray[Any], outputs: NDArray[Any]) -> float:
    """Give the share of records whose outputs are right in every class; NaN without a record.

    Raises:
        ValueError: an output is not 0 or 1, a label is not 1, 0 or -1, or the shapes differ.
    """
    checked = as_labels(labels)
    return macro(exact_matches(checked, as_outputs(outputs, checked)))


def exact_matches(labels: Labels, outputs: Outputs) -> Floats:
    """Give 1.0 for each record whose outputs are right in every class, (records,)."""
    matches: Floats = ((labels == 1) == outputs).all(axis=1).astype(np.float64)
    return matches


def f_measure(labels: NDArray[Any], outputs: NDArray[Any]) -> Floats:
    """Give F1 of each class, (classes,); NaN only for a class with neither a label nor an output.

    A class without labels but with one false output is 0, not NaN, and pulls a macro mean down.

    Raises:
        ValueError: an output is not 0 or 1, a label is not 1, 0 or -1, or the shapes differ.
    """
    checked = as_labels(labels)
    return count_cells(checked, as_outputs(outputs, checked), np.ones((len(checked), 1))).f(1.0).ravel()


def f_beta(labels: NDArray[Any], outputs: NDArray[Any], beta: float = 2.0) -> Floats:
    """Give F-beta of each class, (classes,), each record counting one over the number of its labels (at least 1).

    Raises:
        ValueError: an output is not 0 or 1, a label is not 1, 0 or -1, or the shapes differ.
    """
    certain = absent_if_unknown(as_labels(labels))
    return count_cells(certain, as_outputs(outputs, certain), label_shares(certain)).f(beta).ravel()


def g_beta(labels: NDArray[Any], outputs: NDArray[Any], beta: float = 2.0) -> Floats:
    """Give G-beta of each class, (classes,), each record counting one over the number of its labels (at least 1).

    Raises:
        ValueError: an output is not 0 or 1, a label is not 1, 0 or -1, or the shapes differ.
    """
    certain = absent_if_unknown(as_labels(labels))
    return count_cells(certain, as_outputs(outputs, certain), label_shares(certain)).g(beta).ravel()


def absent_if_unknown(labels: Labels) -> Labels:
    """Give the labels with 0 where they are unknown, as the official measures count them."""
    certain: Labels = (labels == 1).astype(np.int8)
    return certain


def macro(values: Floats) -> float:
    """Give the plain mean over the classes whose value is not NaN; NaN when all are."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if defined.size else float("nan")
