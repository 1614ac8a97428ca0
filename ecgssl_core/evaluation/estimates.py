"""What an evaluation gives: each metric with the ends of its interval, and how it was counted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats


@dataclass(frozen=True)
class Interval:
    """A value of the whole sample, the 2.5 and 97.5 % points of its replicates, and how many classes its mean is over.

    `low` and `high` are NaN where no replicate gives a value; `classes` is 0 for what is no mean over classes; `p` is
    the two-sided bootstrap p-value of a difference, NaN for what is none.
    """

    value: float
    low: float
    high: float
    classes: int = 0
    p: float = float("nan")


@dataclass(frozen=True, eq=False)
class ClassIntervals:
    """One metric for each class, (classes,) each: the value and the ends of its interval; NaN where undefined."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class MetricIntervals:
    """The seven metrics of one system, or the differences between two."""

    auroc: Interval
    auprc: Interval
    accuracy: Interval
    f_measure: Interval
    f_beta_2: Interval
    g_beta_2: Interval
    challenge_metric: Interval


@dataclass(frozen=True, eq=False)
class Evaluation(MetricIntervals):
    """The seven metrics, what three of them are for each class, and how they were counted.

    Attributes:
        positives: (classes,) records known to have the class.
        negatives: (classes,) records known not to have it.
        counted: (classes,) whether the class is in the macro AUROC.
        records: number of records.
        groups: number of groups that were drawn from.
        replicates: number of bootstrap replicates.
        seed: of the random numbers.
        lacking: share of the replicates that lack every positive or every negative of some counted class.
    """

    class_auroc: ClassIntervals
    class_auprc: ClassIntervals
    class_f_measure: ClassIntervals
    positives: NDArray[np.int64]
    negatives: NDArray[np.int64]
    counted: NDArray[np.bool_]
    records: int
    groups: int
    replicates: int
    seed: int
    lacking: float

    @property
    def classes_counted(self) -> int:
        """Give the number of classes in the macro AUROC."""
        return int(self.counted.sum())
