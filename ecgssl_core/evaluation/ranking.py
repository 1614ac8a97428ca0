"""Areas under the curves of one class, by sorting once and then only counting, so that replicates cost little."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import UNKNOWN, Floats, Labels


@dataclass(frozen=True, eq=False)
class Ranking:
    """The records of one class in order of their scores, highest first, records of unknown label left out.

    Attributes:
        order: (known,) rows of the records.
        positive: (known, 1) 1.0 where the record has the class.
        starts: (steps,) the place in the order where each group of equal scores begins.
    """

    order: NDArray[np.intp]
    positive: Floats
    starts: NDArray[np.intp]

    def areas(self, counts: Floats) -> tuple[Floats, Floats]:
        """Give AUROC and AUPRC, (replicates,) each, when every record stands as often as counts says.

        Equal scores move together; AUROC is the trapezoid rule, AUPRC the step rule. Without a positive both are NaN;
        without a negative AUROC is NaN and AUPRC is 1.

        Args:
            counts: (records, replicates).
        """
        if not len(self.order):
            nothing = np.full(counts.shape[1], np.nan)
            return nothing, nothing.copy()
        ordered = counts[self.order]  # (known, replicates)
        positives = np.add.reduceat(ordered * self.positive, self.starts, axis=0)  # (steps, replicates)
        negatives = np.add.reduceat(ordered, self.starts, axis=0) - positives
        hits, alarms = positives.cumsum(axis=0), negatives.cumsum(axis=0)
        # where a replicate has drawn no record of the highest scores, nothing is called positive yet: 0 of 0
        precision = np.divide(hits, hits + alarms, out=np.zeros_like(hits), where=hits + alarms > 0)
        below = alarms[-1] - alarms + negatives / 2
        pairs = hits[-1] * alarms[-1]
        return _share((positives * below).sum(axis=0), pairs), _share((positives * precision).sum(axis=0), hits[-1])


def rank(labels: Labels, scores: Floats) -> list[Ranking]:
    """Give the ranking of each class.

    Args:
        labels: (records, classes), 1, 0 or -1 for unknown.
        scores: (records, classes), without NaN.
    """
    return [_rank_one(*columns) for columns in zip(labels.T, scores.T, strict=True)]


def rank_areas(rankings: list[Ranking], counts: Floats) -> tuple[Floats, Floats]:
    """Give AUROC and AUPRC of all classes, (replicates, classes) each; counts is (records, replicates)."""
    areas: Any = np.empty((2, counts.shape[1], len(rankings)))
    for column, ranking in enumerate(rankings):
        areas[:, :, column] = ranking.areas(counts)
    return areas[0], areas[1]


def _rank_one(labels: Labels, scores: Floats) -> Ranking:
    known = np.flatnonzero(labels != UNKNOWN)
    order = known[np.argsort(-scores[known], kind="stable")]
    ordered = scores[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(order) else order
    return Ranking(order, (labels[order] == 1).astype(np.float64)[:, np.newaxis], starts)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
