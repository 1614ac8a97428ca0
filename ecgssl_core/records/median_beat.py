"""The usual beat of a record: the median over its beats of one shape, laid R over R, in every lead."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .qrs import qrs_times
from .record import Record

BEFORE_S, AFTER_S = 0.4, 0.7
_NEAR_S = 0.08  # of the middle of a QRS complex, within which its R peak is looked for
_LAG_S = 0.024  # by which a beat may be moved for its shape to lie on the others'
_ALIKE = 0.85  # correlation with the usual beat above which a beat is of its shape
_FEWEST, _MOST = 3, 200
_UPWARD = 0.05  # of the power of a QRS complex points upward where there is an R wave

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MedianBeat:
    """The usual beat of a record.

    signal: (leads, samples) in mV, NaN where nothing was recorded; each lead about its median between beats.
    rate: samples a second; r_s: second of the R peak, the same moment in every lead: where the upward deflections of
    all leads together are highest, or all deflections where hardly any points upward.
    used, looked_at: beats that it was made of, and beats that lie wholly in the record (of many, at most 200 spread
    over it).
    """

    signal: NDArray[np.float32]
    rate: float
    r_s: float
    used: int
    looked_at: int


def median_beat(record: Record) -> MedianBeat | None:
    """Give the usual beat of a record; None where fewer than three beats of one shape lie wholly within it.

    Beats are found by the slopes of all leads together, moved by at most 24 ms to where they lie best on their median,
    and left out where their shape differs (correlation below 0.85), as that of extrasystoles does; where fewer than
    half of the beats are alike there is no usual one.
    """
    signal = np.nan_to_num(record.signal - _medians(record.signal)).astype(np.float64)
    times = qrs_times(record.signal, record.rate)
    before, after, lag = (round(span * record.rate) for span in (BEFORE_S, AFTER_S, _LAG_S))
    centres = np.round(times * record.rate).astype(int)
    inside = centres[(centres >= before + lag) & (centres + after + lag < signal.shape[1])]
    inside = inside[:: max(-(-len(inside) // _MOST), 1)]  # a day has no other usual beat than some of its beats
    if len(inside) < _FEWEST:
        return None
    near = round(_NEAR_S * record.rate)
    moved = inside + _lags(signal, inside, near, lag)
    shapes = np.stack([signal[:, at - near : at + near] for at in moved])
    alike = _alike(shapes)
    if alike.sum() < max(_FEWEST, len(inside) / 2):
        return None
    kept = moved[alike]
    beats = np.stack([record.signal[:, at - before : at + after] for at in kept])
    known = np.isfinite(beats).all(axis=(0, 2))
    usual = np.full(beats.shape[1:], np.nan, np.float32)
    usual[known] = np.median(beats[:, known] - np.median(beats[:, known], axis=2, keepdims=True), axis=0)
    r = before - near + _r_peak(np.nan_to_num(usual[:, before - near : before + near]))
    return MedianBeat(usual, record.rate, r / record.rate, len(kept), len(inside))


def _medians(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    known = np.isfinite(signal).any(axis=1)
    medians = np.zeros((len(signal), 1), np.float32)
    medians[known, 0] = np.nanmedian(signal[known], axis=1)
    return medians


def _r_peak(shape: NDArray[np.float32]) -> int:
    """Give the sample of the R peak of a QRS complex (leads, samples), each lead about the mean of its two ends."""
    about = shape - shape[:, [0, -1]].mean(axis=1, keepdims=True)
    upward = (about.clip(min=0) ** 2).sum(axis=0)
    whole = (about**2).sum(axis=0)
    return int((upward if upward.max() > _UPWARD * whole.max() else whole).argmax())


def _lags(signal: Floats, centres: NDArray[np.intp], near: int, lag: int) -> NDArray[np.intp]:
    """Give by how many samples each beat is to be moved for its slopes to lie best on those of the median beat."""
    slopes = np.gradient(signal, axis=1)
    wide = np.stack([slopes[:, at - near - lag : at + near + lag] for at in centres])  # (beats, leads, samples)
    usual = np.median(wide[:, :, lag:-lag] if lag else wide, axis=0)
    ways = np.arange(-lag, lag + 1)
    fits = np.stack([(wide[:, :, lag + way : lag + way + 2 * near] * usual).sum(axis=(1, 2)) for way in ways])
    best: NDArray[np.intp] = ways[fits.argmax(axis=0)]
    return best


def _alike(shapes: Floats) -> NDArray[np.bool_]:
    """Tell which of the shapes (beats, leads, samples) correlate with their median."""
    flat = (shapes - shapes.mean(axis=2, keepdims=True)).reshape(len(shapes), -1)
    usual = np.median(flat, axis=0)
    lengths = np.linalg.norm(flat, axis=1) * np.linalg.norm(usual)
    alike: NDArray[np.bool_] = flat @ usual > _ALIKE * np.maximum(lengths, np.finfo(np.float64).tiny)
    return alike
