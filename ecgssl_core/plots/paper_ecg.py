"""One ECG, or two over each other, in the layouts that are printed in hospitals."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import NDArray

from .paper_layouts import LAYOUTS, Place, beat_rows, rows_of
from .paper_marks import Shading, beats_between, shade_of
from .paper_sheet import LEFT, RECORDED, SEEN, Cell, PaperSheet, Scale, Trace, compose

__all__ = ["GAINS", "LAYOUTS", "SECONDS", "SPEEDS", "Drawn", "Extras", "paper_beat", "paper_ecg"]

SECONDS = 10.0  # the longest stretch on one sheet
SPEEDS = (25, 50)  # mm/s
GAINS = (5, 10, 20)  # mm/mV
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
        layer: RECORDED, or SEEN for the same record as a model reads it.
    """

    signal: NDArray[np.float32]
    rate: float
    leads: tuple[str, ...]
    derived: tuple[str, ...] = ()
    shift: float = 0.0
    layer: int = RECORDED

    @property
    def seconds(self) -> float:
        """The length of the record."""
        return float(self.signal.shape[1] / self.rate)


@dataclass(frozen=True, eq=False)
class Extras:
    """What a sheet may show beside the traces.

    Args:
        cabrera: limb leads in the order of Cabrera, aVR turned.
        beats_s: seconds of the beats, from the start of the record.
        shading: what spoke for a class.
        statements: what stands under the sheet, for each layer.
    """

    cabrera: bool = False
    beats_s: Sequence[float] = ()
    shading: Shading | None = None
    statements: tuple[str, ...] = ()


def paper_ecg(
    records: Sequence[Drawn],
    layout: str = "3x4",
    scale: Scale | None = None,
    begin: float = 0.0,
    extras: Extras | None = None,
) -> PaperSheet:
    """Lay out at most 10 s of a record, or of several over each other, about each lead's own median of that stretch.

    All columns share one time axis: where one ends, the next goes on, as on a paper that ran through the machine once.

    Args:
        records: what is drawn; the second of a layer in another ink.
        layout: a key of LAYOUTS; "12x1" has every lead of the first record, whatever its name.
        scale: how large; 25 mm/s and 10 mm/mV if not given.
        begin: first second shown.
        extras: order, beats and shades.

    Raises:
        ValueError: the layout is unknown, or begin lies outside of the record.
    """
    first, scale, extras = records[0], scale or Scale(), extras or Extras()
    rows = rows_of(layout, first.leads, extras.cabrera)
    if not 0 <= begin < first.seconds:
        raise ValueError(f"a sheet cannot begin at {begin:g} s of {first.seconds:g} s")
    seconds = min(SECONDS, first.seconds - begin)
    sources = _sources(records, begin, seconds)
    cells = [
        [
            _cell(sources, place, (begin + column * seconds / len(row), seconds / len(row)), extras.shading, scale)
            for column, place in enumerate(row)
        ]
        for row in rows
    ]
    ticks = [(float(second), f"{begin + second:g} s") for second in range(floor(seconds) + 1)]
    beats = beats_between(extras.beats_s, begin, begin + seconds, LEFT, scale.speed)
    return compose(cells, seconds, scale, ticks, beats, begin, extras.statements)


def paper_beat(
    records: Sequence[Drawn], seconds: float = 1.0, scale: Scale | None = None, extras: Extras | None = None
) -> PaperSheet:
    """Lay out the first second of each of the twelve leads, in the columns of the usual layout.

    Records that were shifted so that a beat of each falls on the same place lie beat over beat.

    Args:
        records: what is drawn; the second in another ink.
        seconds: how much of each lead; a little of it is left free on the right.
        scale: how large; 50 mm/s and 10 mm/mV if not given.
        extras: order and statements.
    """
    scale, extras = scale or Scale(speed=50), extras or Extras()
    rows = beat_rows(extras.cabrera)
    sources = _sources(records, 0, seconds)
    cells = [[_cell(sources, place, (0, seconds * _FILLED), None, scale) for place in row] for row in rows]
    return compose(cells, len(rows[0]) * seconds, scale, statements=extras.statements)


@dataclass(frozen=True, eq=False)
class _Source:
    """A record, its ink, and the median of each lead in the stretch shown."""

    record: Drawn
    ink: int
    medians: dict[str, float]


def _sources(records: Sequence[Drawn], begin: float, seconds: float) -> list[_Source]:
    layers = [record.layer for record in records]
    return [
        _Source(record, layers[:place].count(record.layer), _medians(record, begin, seconds))
        for place, record in enumerate(records)
    ]


def _medians(record: Drawn, begin: float, seconds: float) -> dict[str, float]:
    start, stop = _places(record, begin, seconds)
    known = [row[np.isfinite(row)] for row in record.signal[:, start:stop]]
    return {lead: float(np.median(row)) if row.size else 0.0 for lead, row in zip(record.leads, known, strict=True)}


def _places(record: Drawn, begin: float, seconds: float) -> tuple[int, int]:
    begin -= record.shift
    return round(max(begin, 0) * record.rate), round(max(begin + seconds, 0) * record.rate)


def _cell(
    sources: Sequence[_Source], place: Place, span: tuple[float, float], shading: Shading | None, scale: Scale
) -> Cell:
    """Give the cell of a lead over a span (begin, seconds)."""
    lead = place.lead
    traces = tuple(_cut(source, place, *span) for source in sources if lead in source.record.leads)
    remarks = {layer: _remark([one.record for one in sources if one.record.layer == layer], lead) for layer in (0, 1)}
    share = shading.shares.get(lead) if shading else None
    return Cell(
        place.label,
        traces,
        remarks[RECORDED],
        lead,
        remarks[SEEN],
        "" if share is None else f"{100 * share:+.0f} %".replace("-", "−"),
        shade_of(shading, lead, *span, scale.speed) if shading else None,
    )


def _remark(records: Sequence[Drawn], lead: str) -> str:
    if not records:
        return ""
    if not any(lead in record.leads for record in records):
        return "not read by the model" if records[0].layer == SEEN else "not recorded"
    return "derived" if any(lead in record.derived for record in records) else ""


def _cut(source: _Source, place: Place, begin: float, seconds: float) -> Trace:
    """Give the stretch of a lead that lies within a cell, with the time by which it starts later than the cell."""
    record = source.record
    whole = record.signal[record.leads.index(place.lead)]
    start, stop = _places(record, begin, seconds)
    # one sample more than the cell holds, so that neighbouring cells meet
    samples = (whole[start : stop + 1] - np.float32(source.medians[place.lead])) * np.float32(place.sign)
    delay = start / record.rate - (begin - record.shift)
    return Trace(samples, record.rate, delay, source.ink, record.layer, start, place.sign)
