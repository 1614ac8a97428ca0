"""How far a changed ECG has moved from its original: rate, QRS, ST, limb leads, noise."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .qrs import qrs_times

_QRS_S = 0.06  # either side of a beat's middle
_BEFORE_S, _AFTER_S, _LEVEL_S = 0.1, 0.12, 0.03  # where the level before a beat and that of ST are taken, how long
_SILENT_MV = 1e-4

Numbers = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Altered:
    """What was measured before and after; None where it cannot be.

    Rates are 60 / median RR over intervals of which no part was set to zero in every lead, for a beat may be lost
    there, and none is given afterwards where none was there before; the QRS height is the median over leads of each
    lead's median peak-to-peak over beats; st_mv is the largest move of any lead's ST level against the level before
    its beats; limb_mv is the root mean square of I + III - II afterwards; snr_db compares the original with what
    was added to it; kept is the share of samples that were not set to zero. Leads and samples that were set to zero
    count for `kept` alone.
    """

    rate_before: float | None
    rate_after: float | None
    qrs_mv_before: float | None
    qrs_mv_after: float | None
    st_mv: float | None
    limb_mv: float | None
    snr_db: float | None
    kept: float


def altered(
    before: Numbers, after: Numbers, beats_s: Floats, rate: float, leads: tuple[str, ...], gone: NDArray[np.bool_]
) -> Altered:
    """Give what a change did to a stretch of an ECG.

    Args:
        before: (leads, samples) in mV, as it was.
        after: (leads, other samples) in mV, as it became; of another length where time was stretched.
        beats_s: when the heart beats in `before`, in seconds from its first sample.
        rate: samples a second of both.
        leads: name of each row.
        gone: (leads, other samples), what was set to zero.
    """
    stretched = after.shape[1] / before.shape[1]
    if after.shape[1] != before.shape[1]:
        place = np.linspace(0, before.shape[1] - 1, after.shape[1])
        before = np.stack([np.interp(place, np.arange(len(row)), row) for row in before]).astype(np.float32)
    there = ~gone
    beats = beats_s * stretched * rate
    height_before, height_after = (_heights(signal, there, beats, rate) for signal in (before, after))
    silent = np.logical_and.reduce(gone, axis=0)
    rate_before, found = _rate(beats_s, beats, silent), qrs_times(after, rate)
    # of each lead, only where it can be measured both before and after
    both = np.isfinite(height_before) & np.isfinite(height_after)
    return Altered(
        rate_before,
        None if rate_before is None else _rate(found, found * rate, silent),
        _median(height_before[both]),
        _median(height_after[both]),
        _st_move(before, after, there, beats, rate),
        _limb_residual(after, there, leads),
        _snr(before, after, there),
        float(there.mean()),
    )


def _rate(beats_s: Floats, places: Floats, silent: NDArray[np.bool_]) -> float | None:
    """Give the heart rate of beats (s) at places (samples) over the intervals that reach into nothing silent."""
    whole = [not silent[int(first) : int(last)].any() for first, last in pairwise(places)]
    known = np.diff(beats_s)[whole] if whole else beats_s[:0]
    return float(60 / np.median(known)) if len(known) else None


def _median(numbers: Floats) -> float | None:
    return float(np.median(numbers)) if len(numbers) else None


def _over_beats(
    signal: Numbers, there: NDArray[np.bool_], beats: Floats, first: float, last: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """Give the samples (leads, beats, places) around each beat, and which of them are whole (leads, beats)."""
    steps = np.arange(round(first), round(last) + 1)
    places = np.rint(beats)[:, None].astype(np.int64) + steps
    inside = ((places >= 0) & (places < signal.shape[1])).all(axis=1)
    places = places.clip(0, signal.shape[1] - 1)
    return signal[:, places].astype(np.float64), there[:, places].all(axis=2) & inside


def _over_whole(values: Floats, whole: NDArray[np.bool_]) -> Floats:
    """Give each lead's median (leads,) of values (leads, beats) over its whole beats; NaN where it has none."""
    found = np.full(len(values), np.nan)
    for lead in np.flatnonzero(whole.any(axis=1)):
        found[lead] = np.median(values[lead, whole[lead]])
    return found


def _heights(signal: Numbers, there: NDArray[np.bool_], beats: Floats, rate: float) -> Floats:
    samples, whole = _over_beats(signal, there, beats, -_QRS_S * rate, _QRS_S * rate)
    return _over_whole(np.ptp(samples, axis=2), whole)


def _st_move(before: Numbers, after: Numbers, there: NDArray[np.bool_], beats: Floats, rate: float) -> float | None:
    moves = []
    for signal in (before, after):
        low, whole = _over_beats(signal, there, beats, -(_BEFORE_S + _LEVEL_S / 2) * rate, -_BEFORE_S * rate)
        high, also = _over_beats(signal, there, beats, _AFTER_S * rate, (_AFTER_S + _LEVEL_S / 2) * rate)
        moves.append(_over_whole(high.mean(axis=2) - low.mean(axis=2), whole & also))
    move = moves[1] - moves[0]
    known = move[np.isfinite(move)]
    return float(known[np.abs(known).argmax()]) if len(known) else None


def _limb_residual(after: Numbers, there: NDArray[np.bool_], leads: tuple[str, ...]) -> float | None:
    if not {"I", "II", "III"} <= set(leads):
        return None
    first, second, third = (leads.index(name) for name in ("I", "II", "III"))
    common = there[[first, second, third]].all(axis=0)
    if not common.any():
        return None
    residual = after[first, common] + after[third, common] - after[second, common]
    return float(np.sqrt(np.mean(np.square(residual, dtype=np.float64))))


def _snr(before: Numbers, after: Numbers, there: NDArray[np.bool_]) -> float | None:
    wave = before.astype(np.float64) - before.mean(axis=1, keepdims=True)
    added = after.astype(np.float64) - before
    signal, noise = float(np.square(wave[there]).sum()), float(np.square(added[there]).sum())
    if signal <= _SILENT_MV**2 * there.size or noise <= signal * 1e-12:
        return None
    return 10 * float(np.log10(signal / noise))
