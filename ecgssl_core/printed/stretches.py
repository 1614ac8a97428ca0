"""Which stretches of a record are printed: the ten seconds chosen, as far as they fit across, and a page of rhythm."""

from dataclasses import dataclass
from math import floor

import numpy as np

from ecgssl_core.plots.paper_ecg import Drawn, Extras, paper_ecg
from ecgssl_core.plots.paper_sheet import Cell, PaperSheet, Scale, Trace, compose
from ecgssl_core.records import Record

from .options import ACROSS_MM, SHOWN_S, SheetOptions

RHYTHM_ROWS = 12
_LEAST_S = 0.5  # of a row
RHYTHM_LEADS = ("II", "I", "V1")  # the first of these that a record has


@dataclass(frozen=True, eq=False)
class Stretch:
    """A sheet that fits across the page, and in words which part of the record it shows."""

    sheet: PaperSheet
    words: str


def stretches(record: Record, options: SheetOptions, room: float) -> list[Stretch]:
    """Give what is printed of a record, in order; each piece fits across the page at the scale asked for.

    Args:
        record: what is printed.
        options: scale, layout and beginning.
        room: how high a trace may stand on a page, in mm.

    Raises:
        ValueError: the layout is unknown, or the beginning lies outside of the record.
    """
    across = ACROSS_MM / options.speed
    end = min(options.begin + SHOWN_S, record.seconds)
    found = []
    for place in range(max(1, int(np.ceil(round((end - options.begin) / across, 6))))):
        first = options.begin + place * across
        found.append(_stretch(record, options, first, min(first + across, end)))
    if options.rhythm and record.seconds > SHOWN_S:
        found.append(_rhythm(record, options, room))
    return found


def _stretch(record: Record, options: SheetOptions, first: float, end: float) -> Stretch:
    # what lies behind the end is cut off, since a sheet takes all that is there up to ten seconds
    stop = record.signal.shape[1] if end >= record.seconds else round(end * record.rate) + 1
    drawn = Drawn(record.signal[:, :stop], record.rate, record.leads, record.derived)
    sheet = paper_ecg([drawn], options.layout, Scale(options.speed, options.gain), first, Extras(options.cabrera))
    return Stretch(sheet, _words(record, first, end))


def _words(record: Record, first: float, end: float) -> str:
    if end - first >= record.seconds - 0.05:
        return f"The whole recording: {record.seconds:.1f} s."
    return f"{clock(first)} to {clock(end)} of a recording of {clock(record.seconds)}; the rest is not on this page."


def clock(seconds: float) -> str:
    """Give a moment of a record as minutes and seconds, or as seconds where there is no whole minute."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{floor(seconds / 60)} min {seconds % 60:04.1f} s"


def _rhythm(record: Record, options: SheetOptions, room: float) -> Stretch:
    """Give one lead in rows that follow one another from the chosen second on, as many as a page holds."""
    lead = next((lead for lead in RHYTHM_LEADS if lead in record.leads), record.leads[0])
    row_s = ACROSS_MM / options.speed
    moments = [options.begin + place * row_s for place in range(RHYTHM_ROWS)]
    rows = [[_rhythm_cell(record, lead, first, row_s)] for first in moments if first < record.seconds - _LEAST_S]
    while True:
        sheet = compose(rows, row_s, Scale(options.speed, options.gain))
        if len(rows) == 1 or sheet.boxes[-1].bottom - sheet.boxes[0].top <= room:
            break
        rows.pop()
    end = min(options.begin + len(rows) * row_s, record.seconds)
    return Stretch(sheet, f"Rhythm, lead {lead}: {_words(record, options.begin, end)}")


def _rhythm_cell(record: Record, lead: str, first: float, seconds: float) -> Cell:
    start, stop = round(first * record.rate), round((first + seconds) * record.rate)
    samples = record.signal[record.leads.index(lead)][start : stop + 1]
    known = samples[np.isfinite(samples)]
    trace = Trace(samples - (np.median(known) if known.size else np.float32(0)), record.rate)
    return Cell(f"{lead} · from {clock(first)}", (trace,), "derived" if lead in record.derived else "")
