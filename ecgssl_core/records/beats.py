"""Where the heart beats: the one beat that stands out most, and all beats with their waves in every lead."""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.signals.filters import bandpass

from .delineate import Wave
from .record import Record

_BAND_HZ = (5.0, 20.0)  # where a QRS complex has its energy, and P and T waves have little
_SMOOTH_S, _NEAR_S = 0.1, 0.08
_SHORTEST_S = 0.5
_APART_S = 0.12  # QRS complexes of several leads that are nearer belong to one beat
_AGREED = 0.5  # of the leads with any beat have this one
_P_BEFORE_S, _T_AFTER_S = 0.4, 0.6  # a P wave begins, and a T wave begins, no further away from the QRS complex
_P, _QRS, _T = range(3)
MISSING = -1

Ints = NDArray[np.int64]


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


def find_beats(waves: tuple[tuple[Wave, ...], ...], rate: float) -> Ints:
    """Give the beats that at least half of the leads agree on, with the waves that belong to each.

    Args:
        waves: of each lead, as `delineate` gives them.
        rate: samples a second.

    Returns:
        (beats, leads, 3, 3): of each beat and lead P, QRS and T, and of each onset, peak and end as sample; `MISSING`
        for what was not found. P waves that no beat follows are left out.
    """
    complexes = sorted(
        ((wave.peak, row, wave) for row, lead in enumerate(waves) for wave in lead if wave.kind == _QRS),
        key=lambda one: one[:2],
    )
    groups = _groups(complexes, _APART_S * rate)
    needed = max(_AGREED * sum(any(wave.kind == _QRS for wave in lead) for lead in waves), 1)
    kept = [group for group in groups if len(group) >= needed]
    beats = np.full((len(kept), len(waves), 3, 3), MISSING)
    for beat, group in zip(beats, kept, strict=True):
        for row, wave in group.items():
            beat[row, _QRS] = wave.onset, wave.peak, wave.end
    for row, lead in enumerate(waves):
        _join(beats[:, row], lead, rate)
    return beats


def _groups(complexes: list[tuple[int, int, Wave]], apart: float) -> list[dict[int, Wave]]:
    """Give for each beat its QRS complex by lead; a lead's second one within reach begins a new beat."""
    groups: list[dict[int, Wave]] = []
    begin = -np.inf
    for peak, row, wave in complexes:
        if peak - begin > apart or row in groups[-1]:
            groups.append({})
            begin = peak
        groups[-1][row] = wave
    return groups


def _join(beats: Ints, waves: tuple[Wave, ...], rate: float) -> None:
    """Enter one lead's P and T waves beside its QRS complexes (beats, 3, 3): the nearest on either side."""
    peaks = beats[:, _QRS, 1]
    by_kind = [[wave for wave in waves if wave.kind == kind] for kind in range(3)]
    moments = [np.array([wave.peak for wave in own]) for own in by_kind]
    own = np.flatnonzero(peaks != MISSING)
    for place, at in enumerate(own):
        next_peak = peaks[own[place + 1]] if place + 1 < len(own) else np.inf
        after = int(np.searchsorted(moments[_T], peaks[at], side="right"))
        if after < len(by_kind[_T]) and moments[_T][after] < min(next_peak, peaks[at] + _T_AFTER_S * rate):
            wave = by_kind[_T][after]
            beats[at, _T] = wave.onset, wave.peak, wave.end
        last = own[place - 1] if place else None
        begin = MISSING if last is None else max(peaks[last], beats[last, _T, 1])
        before = int(np.searchsorted(moments[_P], peaks[at])) - 1
        if before >= 0 and moments[_P][before] > max(begin, peaks[at] - _P_BEFORE_S * rate):
            wave = by_kind[_P][before]
            beats[at, _P] = wave.onset, wave.peak, wave.end
