"""What is marked on ECG paper beside the traces: gaps, tops that look cut off, beats, and what spoke for a class."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_TOP_S = (0.012, 0.3)  # no QRS complex has a flat top as long as the first; what lasts longer is a resting line
_FEWEST, _LEAST_MV = 4, 0.3  # samples in a row; and from top to bottom, below which a trace is merely flat
_BIN_MM = 1.0  # the finest shade
_BRIGHT = 99.0  # percentile of what speaks for or against a class that gets the full shade

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Shading:
    """How much each sample of some leads spoke for a class (positive) or against it.

    Args:
        values: (leads, samples), any unit.
        rate: samples a second.
        leads: names of the rows.
    """

    values: Floats
    rate: float
    leads: tuple[str, ...]

    @property
    def shares(self) -> dict[str, float]:
        """The part that each lead has in all that speaks, from -1 (against) to 1 (for)."""
        total = float(np.abs(self.values).sum()) or 1.0
        return dict(zip(self.leads, (self.values.sum(axis=1) / total).astype(float).tolist(), strict=True))

    @property
    def full(self) -> float:
        """The value that gets the full shade, the same in all leads."""
        per_bin = np.abs(self.values)
        return float(np.percentile(per_bin[per_bin > 0], _BRIGHT)) if (per_bin > 0).any() else 1.0


@dataclass(frozen=True, eq=False)
class Shade:
    """A band of shades behind a trace: from x on, `step` wide each, from top to bottom (mm); values from -1 to 1."""

    x: float
    step: float
    top: float
    bottom: float
    values: Floats


@dataclass(frozen=True)
class Mark:
    """A stretch of a strip from x to end, between top and bottom, in mm; kind is `gap` or `cut off`."""

    kind: str
    x: float
    end: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Beat:
    """A beat at x (mm); rr_ms since the one before, None for the first; rr_x is the middle between the two."""

    x: float
    rr_ms: float | None
    rr_x: float | None


def beats_between(beats_s: Sequence[float], begin: float, end: float, left: float, speed: float) -> tuple[Beat, ...]:
    """Give the beats of a stretch of time, at their places on a sheet whose left end is `begin`."""
    moments = sorted(beats_s)
    found = []
    for place, moment in enumerate(moments):
        if not begin <= moment <= end:
            continue
        before = moments[place - 1] if place else None
        x = left + (moment - begin) * speed
        between = None if before is None or before < begin else x - (moment - before) * speed / 2
        found.append(Beat(x, None if before is None else 1000 * (moment - before), between))
    return tuple(found)


def runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Give first and one after the last place of each run of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def flat_tops(samples: Floats, rate: float) -> list[tuple[int, int]]:
    """Give the runs in which a trace stays at its highest or lowest value longer than a heart does: it is cut off."""
    known = samples[np.isfinite(samples)]
    if not known.size or np.ptp(known) < _LEAST_MV:
        return []
    least, most = max(_FEWEST, round(_TOP_S[0] * rate)), _TOP_S[1] * rate
    at_end = [samples == extreme for extreme in (known.max(), known.min())]
    return [run for flags in at_end for run in runs(flags) if least <= run[1] - run[0] <= most]


def shade_of(shading: Shading, lead: str, begin: float, seconds: float, speed: float) -> tuple[float, Floats] | None:
    """Give the width of a bin in seconds, and the bins' values from -1 to 1, of a stretch of a lead; None without."""
    if lead not in shading.leads:
        return None
    width = _BIN_MM / speed
    row = shading.values[shading.leads.index(lead)]
    edges = np.round((begin + np.arange(round(seconds / width) + 1) * width) * shading.rate).astype(int)
    edges = edges.clip(0, len(row))
    counts = np.diff(edges).clip(1)
    sums = np.concatenate([[0.0], np.cumsum(row, dtype=np.float64)])
    means = np.diff(sums[edges]) / counts
    return width, np.clip(means / shading.full, -1, 1).astype(np.float32)
