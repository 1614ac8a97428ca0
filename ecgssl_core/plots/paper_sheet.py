"""Signals laid out on ECG paper: rows of cells, each row as high as its traces need."""

from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np

from .paper_marks import Beat, Mark, Shade, flat_tops, runs
from .paper_parts import RECORDED, SEEN, Box, Cell, Label, PaperSheet, Scale, Strip, Trace

__all__ = [
    "FOOTER",
    "LEFT",
    "MARGIN",
    "RECORDED",
    "SEEN",
    "Box",
    "Cell",
    "Label",
    "PaperSheet",
    "Scale",
    "Strip",
    "Trace",
    "compose",
]
MARGIN = 5.0  # around the sheet; all places are multiples of it, so that baselines lie on heavy lines of the grid
FOOTER = 15.0  # for the seconds and the scale
BEATS = 5.0  # for the beats above them
PULSE = 15.0  # room for the calibration pulse before a row
PULSE_SECONDS = 0.2
PULSE_MV = 1.0
LEFT = MARGIN + PULSE
_LEAST, _MOST = 10.0, 120.0  # of a row, above its baseline and below it; S waves of 6 mV are real


def compose(
    rows: Sequence[Sequence[Cell]],
    seconds: float,
    scale: Scale,
    ticks: Sequence[tuple[float, str]] = (),
    beats: tuple[Beat, ...] = (),
    begin: float = 0.0,
    statements: tuple[str, ...] = (),
) -> PaperSheet:
    """Lay rows of cells on a sheet.

    Args:
        rows: the cells of each row, from the left; cells of a row share its width.
        seconds: width of a row.
        scale: how large.
        ticks: (seconds from the left end, text) of marks along the lower edge.
        beats: at their places on the sheet.
        begin: second of the record at the left end.
        statements: what stands under the sheet.
    """
    y = MARGIN
    boxes: list[Box] = []
    for row in rows:
        above, below = _room(row, scale.gain)
        width = seconds / len(row) * scale.speed
        for place, cell in enumerate(row):
            x = LEFT + place * width
            boxes.append(Box(cell.lead or cell.label, x, x + width, y, y + above, y + above + below, _sign(cell)))
        y += above + below
    cells = list(zip([cell for row in rows for cell in row], boxes, strict=True))
    return PaperSheet(
        width=LEFT + _upwards(seconds * scale.speed) + MARGIN,
        height=y + FOOTER + BEATS * bool(beats),
        speed=scale.speed,
        gain=scale.gain,
        strips=tuple(_strip(trace, box, scale) for cell, box in cells for trace in cell.traces),
        labels=tuple(_label(cell, box, scale) for cell, box in cells),
        boxes=tuple(boxes),
        pulses=tuple(_pulse(MARGIN, box.baseline, scale) for box in boxes if box.x == LEFT),
        breaks=tuple((box.x, box.baseline - 4, box.baseline + 4) for box in boxes if box.x > LEFT),
        ticks=tuple((LEFT + second * scale.speed, text) for second, text in ticks),
        overflow=tuple(dict.fromkeys(cell.label for cell, _ in cells if _leaves(cell, scale.gain))),
        marks=tuple(mark for cell, box in cells for trace in cell.traces for mark in _marks(trace, box, scale)),
        shades=tuple(_shade(cell, box, scale) for cell, box in cells if cell.shades is not None),
        beats=beats,
        left=LEFT,
        begin=begin,
        statements=statements,
    )


def _upwards(length: float) -> float:
    return MARGIN * ceil(round(length / MARGIN, 6))


def _sign(cell: Cell) -> int:
    return -1 if any(trace.sign < 0 for trace in cell.traces) else 1


def _reach(cell: Cell) -> tuple[float, float]:
    values = np.concatenate([trace.samples for trace in cell.traces] or [np.zeros(1, np.float32)])
    values = values[np.isfinite(values)]
    return (float(values.max(initial=0.0)), float(-values.min(initial=0.0)))


def _room(row: Sequence[Cell], gain: float) -> tuple[float, float]:
    reaches = [_reach(cell) for cell in row]
    above, below = (max(side) * gain + 1 for side in zip(*reaches, strict=True))
    least = max(_LEAST, _upwards(PULSE_MV * gain))  # the pulse must fit too
    return (min(max(_upwards(above), least), _MOST), min(max(_upwards(below), _LEAST / 2), _MOST))


def _leaves(cell: Cell, gain: float) -> bool:
    return max(_reach(cell)) * gain > _MOST


def _label(cell: Cell, box: Box, scale: Scale) -> Label:
    leaves = "leaves its row" if _leaves(cell, scale.gain) else ""
    remarks = [" · ".join(filter(None, [remark, leaves])) for remark in (cell.remark, cell.seen_remark)]
    return Label(box.x + 1, box.top + 4, cell.label, *remarks, cell.share)


def _strip(trace: Trace, box: Box, scale: Scale) -> Strip:
    x, step = box.x + trace.delay * scale.speed, scale.speed / trace.rate
    return Strip(x, box.baseline, step, trace.samples, trace.ink, box.lead, trace.layer, trace.first, trace.sign)


def _marks(trace: Trace, box: Box, scale: Scale) -> Iterator[Mark]:
    """Give the gaps of a trace of the record, over the height of its row, and its flat tops where they are."""
    if trace.layer != RECORDED:
        return
    begin, step = box.x + trace.delay * scale.speed, scale.speed / trace.rate
    for first, end in runs(~np.isfinite(trace.samples)):
        yield Mark("gap", begin + first * step, begin + end * step, box.top, box.bottom)
    for first, end in flat_tops(trace.samples, trace.rate):
        y = box.baseline - float(trace.samples[first]) * scale.gain
        yield Mark("cut off", begin + first * step, begin + end * step, y, y)


def _shade(cell: Cell, box: Box, scale: Scale) -> Shade:
    assert cell.shades is not None
    width, values = cell.shades
    return Shade(box.x, width * scale.speed, box.top, box.bottom, values)


def _pulse(x: float, baseline: float, scale: Scale) -> tuple[tuple[float, float], ...]:
    width, top = PULSE_SECONDS * scale.speed, baseline - PULSE_MV * scale.gain
    end = x + PULSE - 2
    rise, fall = (x + end - width) / 2, (x + end + width) / 2
    return ((x, baseline), (rise, baseline), (rise, top), (fall, top), (fall, baseline), (end, baseline))
