"""When the heart beats: QRS complexes found in all leads together, or in each lead alone."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.signals.filters import bandpass

_BAND_HZ = (5.0, 25.0)  # where a QRS complex has its energy, and P and T waves have little
_COARSE_HZ = 125.0  # enough for a place within some milliseconds, at a quarter of the work
_WIDTH_S = 0.1
_REFRACTORY_S = 0.2
_WINDOW_S, _AROUND = 1.6, 2  # a window holds a beat above 38 a minute; heights are compared over five windows
_HIGH, _LOW = 0.35, 0.2  # share of the usual height: of a beat, and of one sought again in a gap
_GAP = 1.6  # of the median interval
_T_S, _T_HEIGHT = 0.36, 0.5  # what follows so soon and is so much lower is a T wave
_LEAST = 1e-3  # mV a sample: slopes below it are no beat of any lead
_STEEPEST = 4.0  # an artefact in one lead must not outweigh all others
_CENTRE_S = 0.06

Envelope = NDArray[np.float64]  # (samples,)


def qrs_times(signal: NDArray[np.float32], rate: float) -> NDArray[np.float64]:
    """Give the middle of each QRS complex, by the slopes of all leads together.

    Args:
        signal: (leads, samples) in mV; a missing sample counts as 0.
        rate: samples a second.

    Returns:
        Seconds from the start of the signal, rising; none if nothing stands out or it is shorter than half a second.
    """
    envelopes, coarse = slope_envelopes(signal, rate)
    return pick_beats(joint_envelope(envelopes), coarse)


def slope_envelopes(signal: NDArray[np.float32], rate: float) -> tuple[NDArray[np.float64], float]:
    """Give how steep each lead is at each moment, (leads, fewer samples) in mV a sample, and samples a second of that.

    Shared by those who look for beats in all leads and in each.
    """
    block = max(int(rate / _COARSE_HZ), 1)
    coarse, blocks = rate / block, signal.shape[1] // block
    if blocks < 0.5 * coarse or not len(signal):
        return np.zeros((len(signal), 0)), coarse
    known = np.nan_to_num(signal[:, : blocks * block])
    means = known.reshape(len(signal), blocks, block).mean(axis=2)
    means -= np.median(means, axis=1, keepdims=True)
    slopes = np.abs(np.gradient(bandpass(means, coarse, *_BAND_HZ).astype(np.float64), axis=1))
    return _smoothed(slopes, round(_WIDTH_S * coarse)), coarse


def joint_envelope(envelopes: NDArray[np.float64]) -> Envelope:
    """Give one envelope for all leads: each in units of its own usual peak, and none above a few of these."""
    if not envelopes.size:
        return np.zeros(envelopes.shape[1])
    # nine tenths of a beat's samples are no QRS: the 97th percentile lies within the complexes
    usual = np.percentile(envelopes, 97, axis=1, keepdims=True)
    live = usual[:, 0] > _LEAST
    if not live.any():
        return np.zeros(envelopes.shape[1])
    # a lead is worth as much as its beats stand out of what lies between them
    worth = (usual[live, 0] / np.median(envelopes[live], axis=1).clip(_LEAST / 10)) ** 2
    joint: Envelope = np.average(np.minimum(envelopes[live] / usual[live], _STEEPEST), axis=0, weights=worth)
    return joint


def pick_beats(envelope: Envelope, rate: float) -> NDArray[np.float64]:
    """Give the seconds at which an envelope has its beats."""
    from scipy.signal import find_peaks

    if not envelope.size or not envelope.max() > 0:
        return np.zeros(0)
    peaks, _ = find_peaks(envelope, distance=max(round(_REFRACTORY_S * rate), 1))
    if not len(peaks):
        return np.zeros(0)
    heights = envelope[peaks] / _usual_heights(envelope, rate)[peaks]
    beats = _without_t_waves(peaks, heights, heights > _HIGH, rate)
    beats = np.sort(np.concatenate([beats, *_sought_again(peaks, heights, beats)])).astype(np.intp)
    return _centres(envelope, beats, round(_CENTRE_S * rate)) / rate


def _smoothed(slopes: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    from scipy.ndimage import uniform_filter1d

    smooth: NDArray[np.float64] = uniform_filter1d(slopes, max(width, 1), axis=1, mode="constant")
    return smooth


def _usual_heights(envelope: Envelope, rate: float) -> Envelope:
    """Give the median of the windows' highest values around each sample."""
    from scipy.ndimage import median_filter

    length = min(round(_WINDOW_S * rate), len(envelope))
    count = len(envelope) // length
    tallest = envelope[: count * length].reshape(count, length).max(axis=1)
    around = median_filter(tallest, 2 * _AROUND + 1, mode="nearest")
    middles = (np.arange(count) + 0.5) * length
    return np.maximum(np.interp(np.arange(len(envelope)), middles, around), np.finfo(np.float64).tiny)


def _without_t_waves(
    peaks: NDArray[np.intp], heights: Envelope, tall: NDArray[np.bool_], rate: float
) -> NDArray[np.intp]:
    kept: list[int] = []
    for place in np.flatnonzero(tall):
        soon = bool(kept) and peaks[place] - peaks[kept[-1]] < _T_S * rate
        if not (soon and heights[place] < _T_HEIGHT * heights[kept[-1]]):
            kept.append(int(place))
    return peaks[kept]


def _sought_again(peaks: NDArray[np.intp], heights: Envelope, beats: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Give the lower beats in gaps longer than the rhythm allows."""
    intervals = np.diff(beats)
    if not len(intervals):
        return
    usual = float(np.median(intervals))
    for start, interval in zip(beats[:-1], intervals, strict=True):
        if interval > _GAP * usual:
            inside = (peaks > start + 0.4 * usual) & (peaks < start + interval - 0.4 * usual) & (heights > _LOW)
            yield peaks[inside]


def _centres(envelope: Envelope, beats: NDArray[np.intp], near: int) -> NDArray[np.float64]:
    """Give the centre of the squared envelope around each beat, in samples."""
    places = beats[:, None] + np.arange(-near, near + 1)
    inside = (places >= 0) & (places < len(envelope))
    weights = np.where(inside, envelope[places.clip(0, len(envelope) - 1)] ** 2, 0)
    centres: NDArray[np.float64] = (places * weights).sum(axis=1) / weights.sum(axis=1)
    return centres
