"""Hits, alarms and misses of each class, counted as often as each record stands, and the measures made of them."""

from dataclasses import dataclass

import numpy as np

from ecgssl_core.evaluation.arrays import Floats, Labels, Outputs


@dataclass(frozen=True, eq=False)
class Cells:
    """Three cells of the confusion table of each class, in any shape that ends in (classes,)."""

    hits: Floats
    alarms: Floats
    misses: Floats

    def f(self, beta: float) -> Floats:
        """Give F-beta; NaN where a class has neither a label nor an output."""
        square = beta * beta
        return _share((1 + square) * self.hits, (1 + square) * self.hits + self.alarms + square * self.misses)

    def g(self, beta: float) -> Floats:
        """Give G-beta; NaN where a class has neither a label nor an output."""
        return _share(self.hits, self.hits + self.alarms + beta * self.misses)


def count_cells(labels: Labels, outputs: Outputs, counts: Floats) -> Cells:
    """Give the cells, (replicates, classes) each; a record of unknown label enters none of its class.

    Args:
        labels: (records, classes), 1, 0 or -1 for unknown.
        outputs: (records, classes).
        counts: (records, replicates), how much each record counts in each replicate.
    """
    has, has_not = labels == 1, labels == 0
    return Cells(*(counts.T @ cell.astype(np.float64) for cell in (has & outputs, has_not & outputs, has & ~outputs)))


def label_shares(labels: Labels) -> Floats:
    """Give what each record counts in the beta measures, (records, 1): one over the number of its labels, at most 1."""
    shares: Floats = 1 / np.maximum((labels == 1).sum(axis=1, keepdims=True), 1)
    return shares


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)
