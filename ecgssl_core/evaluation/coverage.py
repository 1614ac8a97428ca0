"""How often conformal sets hold what they promise, class by class, with exact intervals, and how large they are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from ecgssl_core.evaluation.arrays import Floats, as_labels, as_outputs


@dataclass(frozen=True, eq=False)
class Coverage:
    """What sets hold of what they should.

    Attributes:
        positives: (classes,) records that have the class.
        covered: (classes,) those of them whose set holds it.
        share: (classes,) covered / positives; NaN without a positive.
        low, high: (classes,) ends of the exact 95 % interval of the share; NaN without a positive.
        mean_size: mean number of classes in a record's set.
        empty: share of the records whose set is empty.
        single: share of the records whose set holds one class.
    """

    positives: NDArray[np.int64]
    covered: NDArray[np.int64]
    share: Floats
    low: Floats
    high: Floats
    mean_size: float
    empty: float
    single: float


def coverage(labels: NDArray[Any], sets: NDArray[Any]) -> Coverage:
    """Give the coverage of sets on records that they were not calibrated on.

    Args:
        labels: (records, classes), 1, 0 or -1 for unknown; only positives count. The intervals hold for independent
            records: give one a patient.
        sets: (records, classes), 1 where the class is in the record's set.

    Raises:
        ValueError: there is no record, the shapes differ, or a value is none of these.
    """
    checked = as_labels(labels)
    inside = as_outputs(sets, checked)
    if not len(checked):
        raise ValueError("coverage needs at least one record")
    positives = (checked == 1).sum(axis=0)
    covered = ((checked == 1) & inside).sum(axis=0)
    share = np.divide(covered, positives, out=np.full(len(positives), np.nan), where=positives > 0)
    sizes = inside.sum(axis=1)
    return Coverage(
        positives,
        covered,
        share,
        *binomial_interval(covered, positives),
        mean_size=float(sizes.mean()),
        empty=float((sizes == 0).mean()),
        single=float((sizes == 1).mean()),
    )


def missed_share(labels: NDArray[Any], sets: NDArray[Any]) -> Floats:
    """Give the share of each record's classes that its set leaves out, (records,); NaN where it is known to have none.

    Args:
        labels: (records, classes), 1, 0 or -1 for unknown; only positives count.
        sets: (records, classes), 1 where the class is in the record's set.

    Raises:
        ValueError: the shapes differ, or a value is none of these.
    """
    checked = as_labels(labels)
    inside = as_outputs(sets, checked)
    positives, missed = (checked == 1).sum(axis=1), ((checked == 1) & ~inside).sum(axis=1)
    share: Floats = np.divide(missed, positives, out=np.full(len(positives), np.nan), where=positives > 0)
    return share


def binomial_interval(hits: NDArray[Any], trials: NDArray[Any], level: float = 0.95) -> tuple[Floats, Floats]:
    """Give the exact interval of a probability, of the shape of hits: Clopper & Pearson 1934; NaN without a trial.

    Raises:
        ValueError: more hits than trials, a negative number, or a level outside (0, 1).
    """
    had, of = np.asarray(hits, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    if (had < 0).any() or (had > of).any() or not 0 < level < 1:
        raise ValueError("hits lie between 0 and the trials, and the level between 0 and 1")
    tail = (1 - level) / 2
    # the beta distribution has no parameter 0: there the interval ends at 0 or 1
    low = np.where(had > 0, betaincinv(np.maximum(had, 1), of - had + 1, tail), 0.0)
    high = np.where(had < of, betaincinv(had + 1, np.maximum(of - had, 1), 1 - tail), 1.0)
    return np.where(of > 0, low, np.nan), np.where(of > 0, high, np.nan)
