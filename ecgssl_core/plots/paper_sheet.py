"""Signals laid out on ECG paper, in millimetres, from which a screen or a printed page is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

MARGIN = 5.0  # around the sheet; all places are multiples of it, so that baselines lie on heavy lines of the grid
FOOTER = 15.0  # for the seconds and the scale
PULSE = 15.0  # room for the calibration pulse before a row
PULSE_SECONDS = 0.2
PULSE_MV = 1.0
_LEAST, _MOST = 10.0, 120.0  # of a row, above its baseline and below it; S waves of 6 mV are real


@dataclass(frozen=True, eq=False)
class Trace:
    """A stretch of signal.

    Args:
        samples: (samples,), in mV; NaN where nothing was recorded.
        rate: samples a second.
        delay: seconds between the left end of its cell and its first sample.
        ink: 0 for the record, 1 for one that is laid over it.
    """

    samples: NDArray[np.float32]
    rate: float
    delay: float = 0.0
    ink: int = 0


@dataclass(frozen=True, eq=False)
class Cell:
    """What stands at one place of a layout: traces over each other under one label, and a remark such as `derived`."""

    label: str
    traces: tuple[Trace, ...]
    remark: str = ""


@dataclass(frozen=True, eq=False)
class Strip:
    """A trace at its place: the first sample lies at x, 0 mV at y (downwards), neighbours `step` apart, all in mm."""

    x: float
    y: float
    step: float
    samples: NDArray[np.float32]
    ink: int


@dataclass(frozen=True)
class Label:
    """A text at a place in mm; `remark` stands behind it in smaller letters."""

    x: float
    y: float
    text: str
    remark: str = ""


@dataclass(frozen=True, eq=False)
class PaperSheet:
    """A whole sheet, in mm from its upper left corner.

    Args:
        width, height: of the sheet.
        speed, gain: mm a second, mm a millivolt.
        strips: the traces.
        labels: names of the leads.
        pulses: corners (x, y) of each calibration pulse.
        breaks: (x, top, bottom) of each line between two columns.
        ticks: (x, text) of each full second.
        overflow: labels of the leads that leave their row.
    """

    width: float
    height: float
    speed: float
    gain: float
    strips: tuple[Strip, ...]
    labels: tuple[Label, ...]
    pulses: tuple[tuple[tuple[float, float], ...], ...]
    breaks: tuple[tuple[float, float, float], ...]
    ticks: tuple[tuple[float, str], ...]
    overflow: tuple[str, ...]

    @property
    def scale(self) -> str:
        """The scale in words, naming a gain that is not the usual one."""
        unusual = {5.0: "HALF GAIN", 20.0: "DOUBLE GAIN"}.get(self.gain, "")
        return " · ".join(filter(None, [f"{self.speed:g} mm/s", f"{self.gain:g} mm/mV", unusual]))


@dataclass(frozen=True)
class Scale:
    """How large: mm a second, mm a millivolt."""

    speed: float = 25.0
    gain: float = 10.0


def compose(
    rows: Sequence[Sequence[Cell]], seconds: float, scale: Scale, ticks: Sequence[tuple[float, str]] = ()
) -> PaperSheet:
    """Lay rows of cells on a sheet, each row as high as its traces need.

    Args:
        rows: the cells of each row, from the left; cells of a row share its width.
        seconds: width of a row.
        scale: how large.
        ticks: (seconds from the left end, text) of marks along the lower edge.
    """
    left, y = MARGIN + PULSE, MARGIN
    strips: list[Strip] = []
    labels: list[Label] = []
    pulses: list[tuple[tuple[float, float], ...]] = []
    breaks: list[tuple[float, float, float]] = []
    for row in rows:
        above, below = _room(row, scale.gain)
        baseline = y + above
        pulses.append(_pulse(MARGIN, baseline, scale))
        for place, cell in enumerate(row):
            x = left + place * seconds / len(row) * scale.speed
            strips += [_strip(trace, x, baseline, scale) for trace in cell.traces]
            labels.append(Label(x + 1, y + 4, cell.label, cell.remark))
            if place:
                breaks.append((x, baseline - 4, baseline + 4))
        y = baseline + below
    return PaperSheet(
        width=left + _upwards(seconds * scale.speed) + MARGIN,
        height=y + FOOTER,
        speed=scale.speed,
        gain=scale.gain,
        strips=tuple(strips),
        labels=tuple(labels),
        pulses=tuple(pulses),
        breaks=tuple(breaks),
        ticks=tuple((left + second * scale.speed, text) for second, text in ticks),
        overflow=tuple(dict.fromkeys(cell.label for row in rows for cell in row if _leaves(cell, scale.gain))),
    )


def _upwards(length: float) -> float:
    return MARGIN * ceil(round(length / MARGIN, 6))


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


def _strip(trace: Trace, x: float, baseline: float, scale: Scale) -> Strip:
    return Strip(x + trace.delay * scale.speed, baseline, scale.speed / trace.rate, trace.samples, trace.ink)


def _pulse(x: float, baseline: float, scale: Scale) -> tuple[tuple[float, float], ...]:
    width, top = PULSE_SECONDS * scale.speed, baseline - PULSE_MV * scale.gain
    end = x + PULSE - 2
    rise, fall = (x + end - width) / 2, (x + end + width) / 2
    return ((x, baseline), (rise, baseline), (rise, top), (fall, top), (fall, baseline), (end, baseline))
