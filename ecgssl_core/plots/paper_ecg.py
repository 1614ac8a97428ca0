"""One ECG, or two over each other, in the layouts that are printed in hospitals."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.plots.paper_sheet import Cell, PaperSheet, Scale, Trace, compose

SECONDS = 10.0  # the longest stretch on one sheet
SPEEDS = (25, 50)  # mm/s
GAINS = (5, 10, 20)  # mm/mV
LAYOUTS = {"3x4": "3×4 and rhythm", "6x2": "6×2", "12x1": "12×1"}
_ROWS: dict[str, tuple[tuple[str, ...], ...]] = {
    "3x4": (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"), ("II",)),
    "6x2": (("I", "V1"), ("II", "V2"), ("III", "V3"), ("aVR", "V4"), ("aVL", "V5"), ("aVF", "V6")),
}
_FILLED = 0.92  # of a cell that holds one beat: neighbours must not look as if they went on


@dataclass(frozen=True, eq=False)
class Drawn:
    """A record as it is drawn.

    Args:
        signal: (leads, samples), in mV; NaN where nothing was recorded.
        rate: samples a second.
        leads: names, in the order of the signal.
        derived: names of the leads that were computed from others.
        shift: seconds by which the record is moved to the right, for two to be laid over each other.
    """

    signal: NDArray[np.float32]
    rate: float
    leads: tuple[str, ...]
    derived: tuple[str, ...] = ()
    shift: float = 0.0

    @property
    def seconds(self) -> float:
        """The length of the record."""
        return float(self.signal.shape[1] / self.rate)


def paper_ecg(
    records: Sequence[Drawn], layout: str = "3x4", scale: Scale | None = None, begin: float = 0.0
) -> PaperSheet:
    """Lay out at most 10 s of a record, or of several over each other, about each lead's own median.

    All columns share one time axis: where one ends, the next goes on, as on a paper that ran through the machine once.

    Args:
        records: what is drawn; the second in another ink.
        layout: a key of LAYOUTS; "12x1" has every lead of the first record, whatever its name.
        scale: how large; 25 mm/s and 10 mm/mV if not given.
        begin: first second shown.

    Raises:
        ValueError: the layout is unknown, or begin lies outside of the record.
    """
    first = records[0]
    if layout not in LAYOUTS:
        raise ValueError(f"unknown layout {layout!r}; known are {', '.join(LAYOUTS)}")
    if not 0 <= begin < first.seconds:
        raise ValueError(f"a sheet cannot begin at {begin:g} s of {first.seconds:g} s")
    seconds = min(SECONDS, first.seconds - begin)
    cells = [
        [_cell(records, lead, begin + place * seconds / len(row), seconds / len(row)) for place, lead in enumerate(row)]
        for row in _rows(layout, first.leads)
    ]
    ticks = [(float(second), f"{begin + second:g} s") for second in range(floor(seconds) + 1)]
    return compose(cells, seconds, scale or Scale(), ticks)


def paper_beat(records: Sequence[Drawn], seconds: float = 1.0, scale: Scale | None = None) -> PaperSheet:
    """Lay out the first second of each of the twelve leads, in the columns of the usual layout.

    Records that were shifted so that a beat of each falls on the same place lie beat over beat.

    Args:
        records: what is drawn; the second in another ink.
        seconds: how much of each lead; a little of it is left free on the right.
        scale: how large; 50 mm/s and 10 mm/mV if not given.
    """
    rows = _ROWS["3x4"][:3]
    cells = [[_cell(records, lead, 0, seconds * _FILLED) for lead in row] for row in rows]
    return compose(cells, len(rows[0]) * seconds, scale or Scale(speed=50))


def _rows(layout: str, leads: tuple[str, ...]) -> Sequence[Sequence[str]]:
    """Give the rows of a layout that hold a recorded lead; of a record that has no such row, each lead in its own."""
    # the rhythm is read from the first lead where the usual one is missing
    usual = [row if len(row) > 1 or row[0] in leads else leads[:1] for row in _ROWS.get(layout, ())]
    return [row for row in usual if set(row) & set(leads)] or [(lead,) for lead in leads]


def _cell(records: Sequence[Drawn], lead: str, begin: float, seconds: float) -> Cell:
    traces = tuple(
        _cut(record, lead, begin - record.shift, seconds, ink)
        for ink, record in enumerate(records)
        if lead in record.leads
    )
    if not traces:
        return Cell(lead, (), "not recorded")
    return Cell(lead, traces, "derived" if any(lead in record.derived for record in records) else "")


def _cut(record: Drawn, lead: str, begin: float, seconds: float, ink: int) -> Trace:
    """Give the stretch of a lead that lies within a cell, with the time by which it starts later than the cell."""
    whole = record.signal[record.leads.index(lead)]
    known = whole[np.isfinite(whole)]
    start, stop = round(max(begin, 0) * record.rate), round(max(begin + seconds, 0) * record.rate)
    middle = float(np.median(known)) if known.size else 0.0
    # one sample more than the cell holds, so that neighbouring cells meet
    return Trace(whole[start : stop + 1] - middle, record.rate, start / record.rate - begin, ink)
