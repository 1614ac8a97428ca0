"""Zero-phase filters along the last axis."""

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["highpass", "bandpass"]
_ORDER = 2  # forward and backward: fourth order in effect


def highpass(signal: NDArray[np.float32], rate: float, hz: float) -> NDArray[np.float32]:
    """Give the signal (…, samples) without what lies below a frequency."""
    return _filtered(signal, "highpass", rate, hz)


def bandpass(signal: NDArray[np.float32], rate: float, low: float, high: float) -> NDArray[np.float32]:
    """Give what lies between two frequencies of the signal (…, samples); a high end above rate / 2 is open."""
    if high >= rate / 2:
        return highpass(signal, rate, low)
    return _filtered(signal, "bandpass", rate, (low, high))


def _filtered(
    signal: NDArray[np.float32], kind: Kind, rate: float, hz: float | tuple[float, float]
) -> NDArray[np.float32]:
    from scipy.signal import sosfiltfilt  # takes a second to load, which a page has before it needs this

    sections = _sections(kind, rate, hz)
    # the usual padding is longer than a very short signal
    padding = min(3 * (2 * len(sections) + 1), signal.shape[-1] - 1)
    return np.asarray(sosfiltfilt(sections, signal, axis=-1, padlen=padding), dtype=np.float32)


@lru_cache(maxsize=64)  # a design costs as much as filtering ten seconds with it
def _sections(kind: Kind, rate: float, hz: float | tuple[float, float]) -> NDArray[np.float64]:
    from scipy.signal import butter

    sections: NDArray[np.float64] = butter(_ORDER, hz, kind, fs=rate, output="sos")
    return sections
