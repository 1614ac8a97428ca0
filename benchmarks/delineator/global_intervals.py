"""Intervals of a record from detected waves beside the same from the cardiologists' marks."""

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.delineator.ludb import RATE, Marked
from ecgssl_core.records.delineate import Wave
from ecgssl_core.records.intervals import Intervals, intervals_of
from ecgssl_core.records.record import Record
from ecgssl_core.signals.leads import LEADS

SHOWN = ("heart_rate_per_min", "pr_ms", "qrs_ms", "qt_ms", "qtc_bazett_ms", "qtc_fridericia_ms")
RESAMPLES = 2000

Waves = tuple[tuple[Wave, ...], ...]


def show_intervals(records: list[Marked], found: list[Waves]) -> None:
    """Print detected minus marked for each interval over records, with 95 % intervals."""
    pairs = [
        (measured(record, waves), measured(record, waves_of(record)))
        for record, waves in zip(records, found, strict=True)
    ]
    print(
        "\nglobal intervals, detected minus marked: records  mean                 SD                 "
        "only marked / only detected"
    )
    for name in SHOWN:
        known = [(getattr(ours, name), getattr(marked, name)) for ours, marked in pairs]
        apart = np.array([one - other for one, other in known if one is not None and other is not None])
        only = [sum(pair[at] is not None and pair[1 - at] is None for pair in known) for at in (1, 0)]
        print(
            f"{name:24s} {len(apart):4d}  {_with_bounds(apart, np.mean)}   {_with_bounds(apart, np.std)}   "
            f"{only[0]} / {only[1]}"
        )


def show_axes(records: list[Marked], found: list[Waves]) -> None:
    """Print the QRS axes that we measure within each class of the doctors."""
    axes: dict[str, list[float | None]] = defaultdict(list)
    for record, waves in zip(records, found, strict=True):
        axes[record.axis].append(measured(record, waves).qrs_axis_deg)
    print("\ndoctors' axis: records, quartiles of ours in degrees, not measurable")
    for word, ours in sorted(axes.items()):
        known = [axis for axis in ours if axis is not None]
        quartiles = " ".join(f"{value:+.0f}" for value in np.percentile(known, [25, 50, 75])) if known else "-"
        print(f"{word or 'none':32s} {len(ours):3d}  {quartiles:14s} {len(ours) - len(known)}")


def measured(record: Marked, waves: Waves) -> Intervals:
    """Give the intervals of a record from some waves."""
    units, steps = dict.fromkeys(LEADS, "file"), (0.001,) * len(LEADS)
    return intervals_of(
        Record(record.name, record.signal, RATE, LEADS, units, steps, None, None, "WFDB", (), ()), waves
    )


def waves_of(record: Marked) -> Waves:
    """Give the marks as waves."""
    return tuple(tuple(Wave(*(int(value) for value in row)) for row in rows) for rows in record.marks)


def _with_bounds(values: NDArray[np.float64], figure: Callable[[NDArray[np.float64]], np.floating]) -> str:
    chance = np.random.default_rng(0)
    drawn = [figure(values[chance.integers(len(values), size=len(values))]) for _ in range(RESAMPLES)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{figure(values):+6.1f} [{low:+.1f}, {high:+.1f}]"
