"""Zero-phase filters along the last axis."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

_ORDER = 2  # forward and backward: fourth order in effect


def highpass(signal: NDArray[np.float32], rate: float, hz: float) -> NDArray[np.float32]:
    """Give the signal (…, samples) without what lies below a frequency."""
    return _filtered(signal, butter(_ORDER, hz, "highpass", fs=rate, output="sos"))


def bandpass(signal: NDArray[np.float32], rate: float, low: float, high: float) -> NDArray[np.float32]:
    """Give what lies between two frequencies of the signal (…, samples); a high end above rate / 2 is open."""
    if high >= rate / 2:
        return highpass(signal, rate, low)
    return _filtered(signal, butter(_ORDER, (low, high), "bandpass", fs=rate, output="sos"))


def _filtered(signal: NDArray[np.float32], sections: NDArray[np.float64]) -> NDArray[np.float32]:
    # the usual padding is longer than a very short signal
    padding = min(3 * (2 * len(sections) + 1), signal.shape[-1] - 1)
    return np.asarray(sosfiltfilt(sections, signal, axis=-1, padlen=padding), dtype=np.float32)
