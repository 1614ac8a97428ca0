"""Where the P waves, QRS complexes and T waves of each lead begin, peak and end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.signals.resample import resample

from .delineate_network import RATE, Floats, Weights, levelled, read_weights, scaled, wave_chances

WAVES = ("P", "QRS", "T")
SHORTEST_S, LONGEST_S = 1.0, 600.0
SLOWEST_HZ = 50.0
_LEAST_S = (0.024, 0.024, 0.05)  # a P wave, QRS complex or T wave is no shorter
_GAP_S = 0.02  # a shorter break within a wave is none
_CERTAIN = 0.6  # a wave is somewhere at least this likely
_PART_S, _MARGIN_S = 16.0, 2.0  # long records go through the network in overlapping parts
_MOST_MISSING = 0.5
_POSSIBLE_MV = 1e6  # beyond it no unit explains a sample, and the filters would overflow

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Wave:
    """One wave of one lead: kind 0 P, 1 QRS, 2 T; samples at the record's rate, -1 where the record cuts it off."""

    kind: int
    onset: int
    peak: int
    end: int


def delineate(signal: Floats, rate: float, weights: Weights | None = None) -> tuple[tuple[Wave, ...], ...]:
    """Give the waves of each lead in the order of time.

    Args:
        signal: (leads, samples) in mV; NaN where a sample is missing.
        rate: samples a second.
        weights: of the network; the shipped ones if None.

    Returns:
        One tuple a lead; all empty for a signal of under a second or under 50 samples a second, and empty for a lead
        that is flat or half missing. Only the first ten minutes are looked at.
    """
    if not SLOWEST_HZ <= rate < np.inf:
        return ((),) * len(signal)
    signal = np.asarray(signal, np.float32)[:, : int(LONGEST_S * rate)]
    if not len(signal) or signal.shape[1] < SHORTEST_S * rate:
        return ((),) * len(signal)
    missing = ~(np.abs(signal) < _POSSIBLE_MV)  # what is not a number too
    # an odd rate must not ask for a filter of a million taps; the ratio used is undone below to the letter
    near = max(round(rate, 1), SLOWEST_HZ)
    even = scaled(levelled(resample(_filled(signal, missing), near, RATE), RATE), RATE)
    alive = np.flatnonzero((missing.mean(axis=1) <= _MOST_MISSING) & even.any(axis=1))
    waves: list[tuple[Wave, ...]] = [()] * len(signal)
    if len(alive):
        chances = _chances(even[alive], read_weights() if weights is None else weights)
        for row, of_lead in zip(alive, chances, strict=True):
            found = _waves(of_lead, even[row], near / RATE, signal.shape[1])
            waves[row] = tuple(wave for wave in found if not _touches(missing[row], wave))
    return tuple(waves)


def _filled(signal: Floats, missing: NDArray[np.bool_]) -> Floats:
    """Give the signal with straight lines where samples are missing."""
    filled = signal.copy()
    known, every = ~missing, np.arange(signal.shape[1])
    for row in np.flatnonzero(missing.any(axis=1)):
        at = every[known[row]]
        filled[row] = np.interp(every, at, signal[row, at]) if len(at) else 0
    return filled


def _chances(signal: Floats, weights: Weights) -> Floats:
    """Give the chances (leads, 4, samples), in parts: ten minutes need hardly more memory than twenty seconds."""
    part, margin = round(_PART_S * RATE), round(_MARGIN_S * RATE)
    parts = []
    for first in range(0, signal.shape[1], part):
        begin = max(first - margin, 0)
        found = wave_chances(signal[:, begin : first + part + margin], weights)
        parts.append(found[..., first - begin : first - begin + part])
    return np.concatenate(parts, axis=2)


def _waves(chances: Floats, signal: Floats, step: float, samples: int) -> list[Wave]:
    """Give the waves of one lead from its chances (4, samples); step: samples of the record a sample of the network."""
    found = []
    best = chances.argmax(axis=0)
    for kind in range(len(WAVES)):
        margin = chances[kind + 1] - np.delete(chances, kind + 1, axis=0).max(axis=0)
        for first, last in _runs(best == kind + 1, round(_GAP_S * RATE)):
            if last - first + 1 < _LEAST_S[kind] * RATE or chances[kind + 1, first : last + 1].max() < _CERTAIN:
                continue
            onset = _crossing(margin, first - 1) * step if first > 0 else -1
            end = _crossing(margin, last) * step if last < len(best) - 1 else -1
            peak = _peak(signal[first : last + 1]) + first
            found.append(Wave(kind, *(min(round(at), samples - 1) for at in (onset, peak * step, end))))
    return sorted(found, key=lambda wave: wave.peak)


def _runs(inside: NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """Give the first and last index of each run, shorter breaks than the gap closed."""
    edges = np.diff(np.concatenate([[0], inside.astype(np.int8), [0]]))
    runs: list[tuple[int, int]] = []
    for first, last in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1, strict=True):
        if runs and first - runs[-1][1] - 1 < gap:
            runs[-1] = (runs[-1][0], int(last))
        else:
            runs.append((int(first), int(last)))
    return runs


def _crossing(margin: Floats, before: int) -> float:
    """Give where the margin passes zero between a sample and the next."""
    one, other = float(margin[before]), float(margin[before + 1])
    return before + (one / (one - other) if one != other else 0.5)


def _peak(wave: Floats) -> int:
    """Give the sample furthest from the line between the ends of a wave."""
    return int(np.abs(wave - np.linspace(wave[0], wave[-1], len(wave))).argmax())


def _touches(missing: NDArray[np.bool_], wave: Wave) -> bool:
    first, last = (wave.peak if at < 0 else at for at in (wave.onset, wave.end))
    return bool(missing[first : last + 1].any())
