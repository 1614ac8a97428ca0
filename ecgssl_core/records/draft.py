"""What a reader understands of a file before anything is decided about it: channels in the file's own words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .record import Issue, Sex, UnitSource


@dataclass(frozen=True, eq=False)
class Channel:
    """One signal of a file.

    lead: its name in the file's own words; empty where the file does not say.
    values: (samples,), in `unit`; NaN where a sample is missing.
    unit: the unit as the file spells it; None where the file does not say, and the values are bare numbers.
    step: size of the smallest step, in the same unit.
    unit_source: who says the unit, where one is said.
    """

    lead: str
    values: NDArray[np.float64]
    unit: str | None
    step: float
    unit_source: UnitSource = "file"


@dataclass(frozen=True, eq=False)
class Draft:
    """One ECG as its file has it; `assemble` makes a Record of it, or refuses.

    name: the file as its owner calls it, without folders and ending.
    form: name of the format and its kind, as people are shown it.
    rate: samples a second, the same for all channels; None where the file does not say.
    channels: in the order of the file, of one length.
    age: in years.
    codes: diagnosis codes as the file has them; never free text, which may name people.
    issues: what reading noticed.
    """

    name: str
    form: str
    rate: float | None
    channels: tuple[Channel, ...]
    age: float | None = None
    sex: Sex | None = None
    codes: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
