"""What thresholds make of scores: recall, specificity and precision of classes, and what is called beside what is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.report.pooling import Pool

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Operating:
    """Recall, specificity and precision, each the mean over classes that have one; thresholds from lowest to highest.

    `called` and `positives` count answers over the threshold and known positives, over all of the classes.
    """

    recall: float
    specificity: float
    precision: float
    thresholds: tuple[float, float]
    called: int
    positives: int


@dataclass(frozen=True, eq=False)
class Together:
    """Of the records with the class of a row: (classes, classes) shares, NaN where there is no such record.

    called: share of which the class of the column is called; there: share that has it too; beyond: share called of
    those that are known not to have it. records: (classes,) how many have the row's class.
    """

    called: Floats
    there: Floats
    beyond: Floats
    records: NDArray[np.int64]


def operating_points(pool: Pool, kept: Sequence[int]) -> Operating:
    """Give what the thresholds of a pool make of some classes.

    Args:
        pool: records with labels, scores and the thresholds of the run that predicted each.
        kept: places of the classes.
    """
    labels, outputs = pool.labels[:, kept], pool.outputs[:, kept] == 1
    has, lacks = labels == 1, labels == 0
    hits, alarms = (outputs & has).sum(axis=0), (outputs & lacks).sum(axis=0)
    thresholds = pool.thresholds[:, kept]
    return Operating(
        recall=_mean(_share(hits, has.sum(axis=0))),
        specificity=_mean(1 - _share(alarms, lacks.sum(axis=0))),
        precision=_mean(_share(hits, hits + alarms)),
        thresholds=(float(thresholds.min()), float(thresholds.max())),
        called=int((outputs & (labels != -1)).sum()),
        positives=int(has.sum()),
    )


def together(pool: Pool, kept: Sequence[int]) -> Together:
    """Give how classes are called together, beside how they occur together.

    Args:
        pool: records with labels, scores and thresholds.
        kept: places of the classes, in the order of rows and columns.
    """
    labels = pool.labels[:, kept]
    has, known, lacks = (part.astype(np.float64) for part in (labels == 1, labels != -1, labels == 0))
    outputs = (pool.outputs[:, kept] == 1).astype(np.float64)
    records = has.sum(axis=0)
    return Together(
        called=_share(has.T @ outputs, np.broadcast_to(records[:, np.newaxis], (len(kept), len(kept)))),
        there=_share(has.T @ has, has.T @ known),
        beyond=_share(has.T @ (outputs * lacks), has.T @ lacks),
        records=records.astype(np.int64),
    )


def _share(part: NDArray[np.number], whole: NDArray[np.number]) -> Floats:
    shares: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return shares


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
