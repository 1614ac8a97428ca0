"""The beats of a record as the checks need them: when they are, in all leads and in each, and what the usual one is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .lead_checks import Bands
from .qrs import joint_envelope, pick_beats, slope_envelopes
from .record import Record

BEFORE_S, AFTER_S, STEP_S = 0.28, 0.48, 0.008
_COARSE_HZ = 125.0
_FEWEST, _MOST = 2, 100
_WITHIN_S, _WITHIN_INTERVAL = 0.15, 0.2
_LAG_S, _RIVAL_SMOOTH_S, _RIVAL_HEIGHT, _RIVAL_APART_S = 0.032, 0.12, 0.35, 0.25

Seconds = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Heartbeats:
    """Where the beats are, and what they look like.

    times: seconds of the beats, by all leads together.
    of_leads: the same by each lead alone.
    rivals: the same by another way of finding them, in all leads together.
    usual: (leads, steps) median beat in mV, every 8 ms from 0.28 s before its middle to 0.48 s after; None below 2.
    typical_rest, mean_rest: (leads,) variance in mV² of what beats differ from the usual one by, median and mean.
    """

    times: Seconds
    of_leads: tuple[Seconds, ...]
    rivals: Seconds
    usual: NDArray[np.float64] | None
    typical_rest: NDArray[np.float64]
    mean_rest: NDArray[np.float64]


def find_heartbeats(record: Record, parts: Bands) -> Heartbeats:
    """Give the beats of a record; `parts` are its bands."""
    envelopes, coarse = slope_envelopes(record.signal, record.rate)
    times = pick_beats(joint_envelope(envelopes), coarse)
    of_leads = tuple(pick_beats(envelope, coarse) for envelope in envelopes)
    block = max(int(record.rate / _COARSE_HZ), 1)
    middle = _block_means(parts.middle, block)
    shapes = _cut(middle, record.rate / block, times)  # (beats, leads, steps)
    rivals = _rivals(middle, record.rate / block)
    if len(shapes) < _FEWEST:
        unknown = np.full(len(record.leads), np.inf)
        return Heartbeats(times, of_leads, rivals, None, unknown, unknown)
    usual = np.median(shapes, axis=0)
    rest = (shapes - usual).var(axis=2)
    return Heartbeats(times, of_leads, rivals, usual, np.median(rest, axis=0), rest.mean(axis=0))


def agreement(times: Seconds, others: Seconds) -> float:
    """Give F1 of two rising series of seconds, each moment matched with the nearest of the other; 0 if one is empty.

    Within 0.15 s, or a fifth of the median interval: what follows so closely would match whatever it is.
    """
    if not len(times) or not len(others):
        return 0.0
    within = min(_WITHIN_S, _WITHIN_INTERVAL * float(np.median(np.diff(times)))) if len(times) > 1 else _WITHIN_S
    hits = _near(times, others, within) + _near(others, times, within)
    return hits / (len(times) + len(others))


def _near(times: Seconds, others: Seconds, within: float) -> int:
    after = np.searchsorted(others, times)
    gaps = [np.abs(others[(after - back).clip(0, len(others) - 1)] - times) for back in (0, 1)]
    return int((np.minimum(*gaps) <= within).sum())


def _block_means(signal: NDArray[np.float32], block: int) -> NDArray[np.float64]:
    whole = signal[:, : signal.shape[1] // block * block].astype(np.float64)
    means: NDArray[np.float64] = whole.reshape(len(signal), -1, block).mean(axis=2)
    return means


def _cut(signal: NDArray[np.float64], rate: float, times: Seconds) -> NDArray[np.float64]:
    """Give the beats that lie wholly within the signal, (beats, leads, steps), between samples by straight lines."""
    length = signal.shape[1]
    inside = times[(times >= BEFORE_S) & (times + AFTER_S <= (length - 2) / rate)]
    inside = inside[:: max(len(inside) // _MOST, 1)]  # a day of beats has no other usual beat than a hundred of them
    grid = inside[:, None] + np.arange(-BEFORE_S, AFTER_S, STEP_S)
    # the middle of a block of samples lies half a block after its first
    places = np.clip(grid * rate - 0.5, 0, max(length - 2, 0))
    left = places.astype(np.intp)
    share = places - left
    cut = signal[:, left] * (1 - share) + signal[:, np.minimum(left + 1, length - 1)] * share
    return np.moveaxis(cut, 0, 1)


def _rivals(signal: NDArray[np.float64], rate: float) -> Seconds:
    """Give the beats as the sharp turns of the signal above a height that is one for the whole record."""
    from scipy.ndimage import uniform_filter1d
    from scipy.signal import find_peaks

    lag = max(round(_LAG_S * rate), 1)
    if signal.shape[1] < 4 * lag or not len(signal):
        return np.zeros(0)
    # second difference over 64 ms: a QRS complex turns back within that time, T waves and drift do not
    turns = np.abs(signal[:, lag:-lag] - (signal[:, 2 * lag :] + signal[:, : -2 * lag]) / 2)
    curve = uniform_filter1d(turns.sum(axis=0), max(round(_RIVAL_SMOOTH_S * rate), 1))
    height = _RIVAL_HEIGHT * np.percentile(curve, 97)
    peaks, _ = find_peaks(curve, height=max(height, 1e-6), distance=max(round(_RIVAL_APART_S * rate), 1))
    return np.asarray((peaks + lag + 0.5) / rate)
