"""What a sheet of ECG paper is made of, in millimetres, from which a screen or a printed page is drawn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .paper_marks import Beat, Mark, Shade

RECORDED, SEEN = 0, 1  # the layers of a sheet: the record, and what a model reads of it


@dataclass(frozen=True, eq=False)
class Trace:
    """A stretch of signal.

    Args:
        samples: (samples,), in mV as drawn; NaN where nothing was recorded.
        rate: samples a second.
        delay: seconds between the left end of its cell and its first sample.
        ink: 0 for the record, 1 for one that is laid over it.
        layer: RECORDED or SEEN; one of them is shown at a time.
        first: place of the first sample in the record.
        sign: -1 where the samples were turned upside down.
    """

    samples: NDArray[np.float32]
    rate: float
    delay: float = 0.0
    ink: int = 0
    layer: int = RECORDED
    first: int = 0
    sign: int = 1


@dataclass(frozen=True, eq=False)
class Cell:
    """What stands at one place of a layout: traces over each other under one label.

    Args:
        label: what is written, which is `−aVR` where aVR is turned.
        traces: from below to the top.
        remark, seen_remark: such as `derived`, where the record, and where what a model reads, is shown.
        lead: its name in the record, if that is not the label.
        share: its part in what spoke for a class, in words.
        shades: width of a bin in seconds, and what each bin spoke, from -1 to 1.
    """

    label: str
    traces: tuple[Trace, ...]
    remark: str = ""
    lead: str = ""
    seen_remark: str = ""
    share: str = ""
    shades: tuple[float, NDArray[np.float32]] | None = None


@dataclass(frozen=True, eq=False)
class Strip:
    """A trace at its place: the first sample lies at x, 0 mV at y (downwards), neighbours `step` apart, all in mm.

    The rest is as in its Trace; `samples` are turned already where sign is -1.
    """

    x: float
    y: float
    step: float
    samples: NDArray[np.float32]
    ink: int
    lead: str = ""
    layer: int = RECORDED
    first: int = 0
    sign: int = 1


@dataclass(frozen=True)
class Label:
    """A text at a place in mm; remark (or seen_remark) and share stand behind it in smaller letters."""

    x: float
    y: float
    text: str
    remark: str = ""
    seen_remark: str = ""
    share: str = ""


@dataclass(frozen=True)
class Box:
    """The place of a cell, in mm: where a pointer is over a lead."""

    lead: str
    x: float
    end: float
    top: float
    baseline: float
    bottom: float
    sign: int = 1


@dataclass(frozen=True, eq=False)
class PaperSheet:
    """A whole sheet, in mm from its upper left corner.

    Args:
        width, height: of the sheet.
        speed, gain: mm a second, mm a millivolt.
        strips: the traces, of all layers.
        labels: names of the leads.
        boxes: the place of each label's cell.
        pulses: corners (x, y) of each calibration pulse.
        breaks: (x, top, bottom) of each line between two columns.
        ticks: (x, text) of each full second.
        overflow: labels of the leads that leave their row.
        marks: gaps, and tops that look cut off, of the record.
        shades: what spoke for a class, behind the traces.
        beats: where the heart beats, along the lower edge.
        left: x of the first moment shown, which is `begin` seconds after the start of the record.
        statements: what is to be said under the sheet, a sentence or some for each layer.
    """

    width: float
    height: float
    speed: float
    gain: float
    strips: tuple[Strip, ...]
    labels: tuple[Label, ...]
    boxes: tuple[Box, ...]
    pulses: tuple[tuple[tuple[float, float], ...], ...]
    breaks: tuple[tuple[float, float, float], ...]
    ticks: tuple[tuple[float, str], ...]
    overflow: tuple[str, ...]
    marks: tuple[Mark, ...] = ()
    shades: tuple[Shade, ...] = ()
    beats: tuple[Beat, ...] = ()
    left: float = 0.0
    begin: float = 0.0
    statements: tuple[str, ...] = ()

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
