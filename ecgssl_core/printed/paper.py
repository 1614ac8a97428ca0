"""A sheet of ECG paper drawn on a printed page: the millimetres of the sheet are those of the page."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ecgssl_core.plots.paper_sheet import MARGIN, PaperSheet, Strip

from .options import ACROSS_MM
from .pen import Pen, Point

THIN, THICK = "#f4cdc8", "#e3958b"
INKS = ("#000000", "#0b5cad")
FLAG = "#9a3412"
GAP = "#e4e4e4"
WIDTH = ACROSS_MM + 15.0  # of the grid: the trace, and the calibration pulse before it
TRACE_MM = 0.2
_LABEL, _REMARK = 8.0, 6.0


@dataclass(frozen=True)
class Part:
    """The rows of a sheet between two heights of it, in mm."""

    top: float
    bottom: float

    @property
    def height(self) -> float:
        """How high it stands on the page."""
        return self.bottom - self.top


def parts_of(sheet: PaperSheet, most: float) -> list[Part]:
    """Give a sheet's rows in parts that are no higher than `most` mm, cut between rows; a higher row stands alone."""
    rows = sorted({(box.top, box.bottom) for box in sheet.boxes})
    parts = [Part(*rows[0])]
    for top, end in rows[1:]:
        if end - parts[-1].top <= most:
            parts[-1] = Part(parts[-1].top, end)
        else:
            parts.append(Part(top, end))
    return parts


def draw_paper(pen: Pen, sheet: PaperSheet, part: Part, left: float, top: float) -> None:
    """Draw a part of a sheet, its upper left corner at (left, top) of the page; seconds stand below it.

    Nothing of a trace is drawn outside of the grid; where it would be, the page says so (`PaperSheet.overflow`).
    """
    right, down = left - MARGIN, top - part.top  # from places of the sheet to those of the page
    _grid(pen, left, top, part.height)
    canvas = pen.canvas
    canvas.saveState()
    border = canvas.beginPath()
    border.rect(*pen.at(left, top + part.height), WIDTH * 72 / 25.4, part.height * 72 / 25.4)
    canvas.clipPath(border, stroke=0, fill=0)
    _marks(pen, sheet, part, right, down)
    for corners in sheet.pulses:
        if part.top <= corners[0][1] < part.bottom:
            pen.polyline([[(x + right, y + down) for x, y in corners]], TRACE_MM, INKS[0])
    for x, upper, lower in sheet.breaks:
        if part.top <= upper < part.bottom:
            pen.lines([((x + right, upper + down), (x + right, lower + down))], 0.35, INKS[0])
    for strip in sheet.strips:
        if part.top <= strip.y < part.bottom:
            pen.polyline(_runs(strip, sheet.gain, right, down), TRACE_MM, INKS[strip.ink])
    canvas.restoreState()
    _texts(pen, sheet, part, right, down)


def _grid(pen: Pen, left: float, top: float, height: float) -> None:
    for step, width, colour in ((1, 0.09, THIN), (5, 0.18, THICK)):
        upright = [((left + x, top), (left + x, top + height)) for x in range(0, int(WIDTH) + 1, step)]
        flat = [((left, top + y), (left + WIDTH, top + y)) for y in range(0, round(height) + 1, step)]
        pen.lines([*upright, *flat], width, colour)


def _marks(pen: Pen, sheet: PaperSheet, part: Part, right: float, down: float) -> None:
    for mark in sheet.marks:
        if not part.top <= mark.top < part.bottom:
            continue
        if mark.kind == "gap":
            pen.box(mark.x + right, mark.top + down, mark.end - mark.x, mark.bottom - mark.top, fill=GAP)
            pen.write(mark.x + right + 0.5, mark.bottom + down - 1, "nothing recorded", _REMARK, colour=FLAG)
        else:
            pen.lines([((mark.x + right, mark.top + down), (mark.end + right, mark.top + down))], 1.0, FLAG)


def _runs(strip: Strip, gain: float, right: float, down: float) -> Iterator[list[Point]]:
    """Give the stretches of a strip without missing samples, as places on the page."""
    places = np.arange(len(strip.samples))
    x = strip.x + right + places * strip.step
    y = strip.y + down - strip.samples.astype(np.float64) * gain
    known = np.isfinite(y)
    for run in np.split(places, np.flatnonzero(~known)):
        inside = run[known[run]]
        if len(inside) > 1:
            yield list(zip(x[inside].tolist(), y[inside].tolist(), strict=True))


def _texts(pen: Pen, sheet: PaperSheet, part: Part, right: float, down: float) -> None:
    for label in sheet.labels:
        if part.top <= label.y < part.bottom:
            end = pen.write(label.x + right, label.y + down, label.text, _LABEL, bold=True)
            if label.remark:
                pen.write(end + 1, label.y + down, label.remark, _REMARK, colour=FLAG)
    foot = part.bottom + down
    for x, text in sheet.ticks:
        pen.lines([((x + right, foot), (x + right, foot + 1))], 0.15, INKS[0])
        pen.write(x + right - 1, foot + 3.2, text, 5.5)
