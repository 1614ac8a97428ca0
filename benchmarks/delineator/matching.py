"""Marked and detected points matched one to one, nearest first, and what follows from it (`protocol` 13)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

POINTS = ("P onset", "P end", "QRS onset", "QRS end", "T onset", "T end")


@dataclass(frozen=True, eq=False)
class Matches:
    """What became of one kind of point on one record, over its leads.

    errors: detected minus marked of the matched pairs, ms; missed and false: numbers of points.
    """

    errors: NDArray[np.float64]
    missed: int
    false: int


def match(marked: NDArray[np.float64], detected: NDArray[np.float64], window: float) -> list[tuple[int, int]]:
    """Give the pairs (marked, detected) by index, one to one and nearest first, no further apart than the window."""
    apart = np.abs(marked[:, None] - detected[None])
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for flat in np.argsort(apart, axis=None, kind="stable"):
        row, column = np.unravel_index(flat, apart.shape)
        if apart[row, column] > window:
            break
        if row not in pairs and column not in taken:
            pairs[int(row)] = int(column)
            taken.add(int(column))
    return sorted(pairs.items())


def matches_of(
    marked: NDArray[np.float64], detected: NDArray[np.float64], span: tuple[float, float], window: float
) -> Matches:
    """Give the matches of one kind of point on one lead, all times in ms.

    A detected point outside the marked span counts only where it matches: beats at the edge are often unmarked.
    """
    pairs = match(marked, detected, window)
    errors = np.array([detected[column] - marked[row] for row, column in pairs])
    taken = {column for _, column in pairs}
    inside = [at for at, moment in enumerate(detected) if span[0] <= moment <= span[1]]
    return Matches(errors, len(marked) - len(pairs), sum(at not in taken for at in inside))


def together(leads: list[Matches]) -> Matches:
    """Give the matches of several leads as one."""
    errors = np.concatenate([one.errors for one in leads]) if leads else np.zeros(0)
    return Matches(errors, sum(one.missed for one in leads), sum(one.false for one in leads))


@dataclass(frozen=True)
class Score:
    """Figures of one kind of point over records; the errors' mean and SD in ms, taken per record first."""

    sensitivity: float
    precision: float
    f1: float
    mean: float
    sd: float


def score(records: list[Matches]) -> Score:
    """Give the figures over records: counts pooled, errors per record and then the mean over records."""
    return _score(_table(records))


def bounds(records: list[Matches], resamples: int = 2000) -> tuple[Score, Score]:
    """Give the lower and upper ends of 95 % percentile intervals of each figure, records drawn with replacement."""
    table, chance = _table(records), np.random.default_rng(0)
    drawn = [_score(table[chance.integers(len(table), size=len(table))]) for _ in range(resamples)]
    low, high = np.percentile([list(vars(one).values()) for one in drawn], [2.5, 97.5], axis=0)
    return Score(*low), Score(*high)


def _table(records: list[Matches]) -> NDArray[np.float64]:
    """Give hits, missed, false, mean and SD (NaN where there is none) of each record."""
    rows = []
    for one in records:
        mean = one.errors.mean() if len(one.errors) else np.nan
        sd = one.errors.std(ddof=1) if len(one.errors) > 1 else np.nan
        rows.append((len(one.errors), one.missed, one.false, mean, sd))
    return np.array(rows, dtype=np.float64)


def _score(table: NDArray[np.float64]) -> Score:
    hits, missed, false = table[:, :3].sum(axis=0)
    mean, sd = (float(np.nanmean(column)) if np.isfinite(column).any() else np.nan for column in table[:, 3:].T)
    return Score(
        hits / max(hits + missed, 1),
        hits / max(hits + false, 1),
        2 * hits / max(2 * hits + missed + false, 1),
        mean,
        sd,
    )
