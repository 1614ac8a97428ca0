"""Where the heart beats: for now the one beat that stands out most."""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.signals.filters import bandpass

from .record import Record

_BAND_HZ = (5.0, 20.0)  # where a QRS complex has its energy, and P and T waves have little
_SMOOTH_S, _NEAR_S = 0.1, 0.08
_SHORTEST_S = 0.5


def strongest_beat(record: Record) -> float | None:
    """Give the second in the middle of the beat with the steepest slopes, over all leads together.

    The middle is that of the slopes' energy: a tallest point would lie on the R wave of one record and on the S wave of
    another. An artefact that is steeper than every beat is taken for one.

    Returns:
        Seconds from the start of the record; None if it is shorter than half a second or nothing moves in it.
    """
    if record.seconds < _SHORTEST_S:
        return None
    signal = np.nan_to_num(record.signal - _medians(record.signal))
    slopes = np.gradient(bandpass(signal, record.rate, *_BAND_HZ).astype(np.float64), axis=1)
    energy = (slopes**2).sum(axis=0)
    if not energy.max() > 0:
        return None
    peak = int(_smooth(energy, round(_SMOOTH_S * record.rate)).argmax())
    first = max(peak - round(_NEAR_S * record.rate), 0)
    near = energy[first : peak + round(_NEAR_S * record.rate) + 1]
    return float((first + np.average(np.arange(len(near)), weights=near)) / record.rate)


def _medians(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    known = np.isfinite(signal).any(axis=1)
    medians = np.zeros((len(signal), 1), np.float32)
    medians[known, 0] = np.nanmedian(signal[known], axis=1)
    return medians


def _smooth(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    return np.convolve(values, np.ones(max(width, 1)), mode="same")
