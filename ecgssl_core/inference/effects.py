"""What views did to amplitude, heart rate and spectrum over many records, in numbers that travel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ViewEffects:
    """The first global view of each record against the piece that it was cut from; NaN where nothing can be measured.

    amplitude: (records, 2), median over leads of the range from the 1st to the 99th percentile, before and
    after, in mV (of a spectrogram, of its magnitudes).
    rate: (records, 2), beats a minute; spectrum: (records, 2, frequencies), in dB against 1 mV; hertz: frequencies.
    """

    amplitude: Floats
    rate: Floats
    spectrum: Floats
    hertz: Floats

    def as_json(self) -> dict[str, object]:
        """Give plain lists, null for NaN."""
        return {name: _nulls(getattr(self, name).tolist()) for name in ("amplitude", "rate", "spectrum", "hertz")}

    @classmethod
    def from_json(cls, tree: dict[str, object]) -> "ViewEffects":
        """Give what `as_json` wrote."""
        return cls(**{name: np.array(values, dtype=np.float64) for name, values in tree.items()})


def _nulls(values: object) -> object:
    if isinstance(values, list):
        return [_nulls(value) for value in values]
    return None if isinstance(values, float) and np.isnan(values) else values
