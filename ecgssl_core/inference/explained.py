"""What a model's answer leaned on, in the forms that the predicting process and the pages share; no torch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .prediction import Finding

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Seen:
    """The very signal that the network reads, before it is cut into windows.

    signal: (leads, samples) at rate Hz, in mV, resampled and filtered as the model's manifest says; what: how it came
    from the record, in words, such as "resampled from 500 to 100 Hz, 0.5 Hz high-pass".
    """

    signal: Floats
    rate: float
    leads: tuple[str, ...]
    what: str


@dataclass(frozen=True, eq=False)
class Attribution:
    """How much each part of a record added to the logit of a class, by integrated gradients from silence.

    signal: (leads, samples) in the model's leads and at its rate, summed over the windows that read the sample and
    divided by their number; None for a model that reads no series. spectrogram: (leads, bins, frames) alike, on the
    frames of the whole record; None for a model without spectrogram. A frame begins at its frames_s, a bin has its
    middle at its hertz. gap: share of the change of the logit that the map does not account for (completeness).
    """

    code: str
    leads: tuple[str, ...]
    rate: float
    signal: Floats | None
    spectrogram: Floats | None
    frames_s: tuple[float, ...]
    hertz: tuple[float, ...]
    gap: float


@dataclass(frozen=True)
class TestedFigures:
    """Macro AUROC of a model on its test folds with a set of leads, its 95 % interval, the records, and the verdict."""

    auroc: float
    low: float
    high: float
    records: int
    verdict: str


@dataclass(frozen=True)
class LeadSet:
    """What the network says where it is given some leads only, the others being silent.

    tested: whether the model may speak with these leads; where not, the numbers are for looking at only. figures: how
    it did with exactly these leads, None where that was not tried; note: what is known of them, in a sentence.
    """

    name: str
    leads: tuple[str, ...]
    tested: bool
    findings: tuple[Finding, ...]
    figures: TestedFigures | None = None
    note: str | None = None


@dataclass(frozen=True, eq=False)
class Timeline:
    """Calibrated probabilities (windows, classes) and gates (windows, 2) or None, of windows that begin at starts_s."""

    codes: tuple[str, ...]
    starts_s: tuple[float, ...]
    window_s: float
    probabilities: Floats
    gates: Floats | None


@dataclass(frozen=True)
class Span:
    """A stretch of a record that is to be muted (held at its lead's median): one lead, or all where lead is None."""

    lead: str | None
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Neighbour:
    """A record of a pack that lies near another in the model's features.

    row: its place in the pack; key: its name there; similarity: cosine, 1 is the same; codes: its labels; seen: whether
    the model was trained on it.
    """

    pack: str
    row: int
    key: str
    similarity: float
    codes: tuple[str, ...]
    seen: bool
