"""The score of the PhysioNet/CinC challenge of 2017: one rhythm a record, F1 averaged over three of the four classes.

Clifford et al. 2017, doi:10.22489/CinC.2017.065-469.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats
from ecgssl_core.evaluation.estimates import Interval
from ecgssl_core.evaluation.resampling import draw_counts

RHYTHMS = ("N", "A", "O", "~")
_COUNTED = 3  # noise stands in the table, and its F1 not in the mean
_ENDS = (2.5, 97.5)
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RhythmScore:
    """The challenge's F1 and that of each class, in the order of RHYTHMS, and the table, rows true, columns answers."""

    f1: Interval
    per_class: tuple[Interval, ...]
    table: NDArray[np.int64]


def is_rhythm_set(codes: Sequence[str]) -> bool:
    """Say whether a label set is that of 2017, whose classes exclude one another."""
    return tuple(codes) == RHYTHMS


def answered(logits: Floats) -> Places:
    """Give the place of each record's answer, (records,), from logits (records, classes): the highest, the first of
    equal ones.
    """
    places: Places = np.asarray(logits).argmax(axis=1).astype(np.int64)
    return places


def rhythm_table(truth: Places, answers: Places, counts: Floats | None = None) -> Floats:
    """Give how often each class was answered where each was true, (replicates, true, answered).

    Args:
        truth: (records,) places in RHYTHMS.
        answers: (records,) places in RHYTHMS.
        counts: (records, replicates), how often each record stands; without it, once.

    Raises:
        ValueError: a place that is none, or lengths that differ.
    """
    size = len(RHYTHMS)
    if truth.shape != answers.shape or truth.ndim != 1 or not len(truth):
        raise ValueError("every record has one true rhythm and one answer")
    if min(truth.min(), answers.min()) < 0 or max(truth.max(), answers.max()) >= size:
        raise ValueError(f"a rhythm is one of {', '.join(RHYTHMS)}")
    cells = np.eye(size * size)[truth * size + answers]  # (records, cells)
    weights = np.ones((len(truth), 1)) if counts is None else counts
    table: Floats = (weights.T @ cells).reshape(-1, size, size)
    return table


def class_f1(table: Floats) -> Floats:
    """Give F1 of each class, (…, classes), of tables (…, true, answered): 2 · hits / (row + column); NaN for 0 of 0."""
    hits = np.diagonal(table, axis1=-2, axis2=-1)
    both = table.sum(axis=-1) + table.sum(axis=-2)
    found: Floats = np.divide(2 * hits, both, out=np.full(both.shape, np.nan), where=both > 0)
    return found


def challenge_f1(table: Floats) -> float:
    """Give the mean of the F1 of N, A and O of one table (true, answered).

    Raises:
        ValueError: a class is neither true nor answered anywhere, so that its F1 is neither 0 nor 1.
    """
    found = class_f1(table)
    empty = [name for name, value in zip(RHYTHMS, found, strict=True) if value != value]
    if empty:
        raise ValueError(f"no record has the rhythm {', '.join(empty)}, and none was called so: there is no F1 of it")
    return float(found[:_COUNTED].mean())


def rhythm_samples(truth: Places, answers: Places, groups: NDArray[np.str_], replicates: int, seed: int = 0) -> Floats:
    """Give the challenge's F1, and that of each class, in each replicate that draws groups, (replicates, 1 + classes).

    A replicate that lost a class has NaN for it, and for the mean.
    """
    blocks = [rhythm_table(truth, answers, counts) for counts in draw_counts(groups, replicates, seed)]
    found = class_f1(np.concatenate(blocks))
    return np.column_stack([found[:, :_COUNTED].mean(axis=1), found])


def score_rhythms(
    truth: Places, answers: Places, groups: NDArray[np.str_], replicates: int = 2000, seed: int = 0
) -> RhythmScore:
    """Give the challenge's score with 95 % intervals over replicates of groups.

    Args:
        truth: (records,) places in RHYTHMS.
        answers: (records,) places in RHYTHMS.
        groups: (records,) which records belong together; each to itself where nobody knows.
        replicates: of the bootstrap.
        seed: of the random numbers.

    Raises:
        ValueError: a class is neither true nor answered anywhere, or as `rhythm_table`.
    """
    (table,) = rhythm_table(truth, answers)
    values = np.array([challenge_f1(table), *class_f1(table)])
    mean, *classes = _intervals(values, rhythm_samples(truth, answers, groups, replicates, seed))
    return RhythmScore(mean, tuple(classes), table.astype(np.int64))


def sampled_interval(value: float, samples: Floats) -> Interval:
    """Give a value with the ends of its interval, from its replicates; those without a value are left out."""
    known = samples[~np.isnan(samples)]
    low, high = np.percentile(known, _ENDS) if known.size else (float("nan"),) * 2
    return Interval(float(value), float(low), float(high))


def _intervals(values: Floats, samples: Floats) -> list[Interval]:
    return [sampled_interval(float(value), column) for value, column in zip(values, samples.T, strict=True)]
