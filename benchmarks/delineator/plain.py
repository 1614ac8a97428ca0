"""A plain delineator, for comparison: beats from slopes over all leads, boundaries from each lead's slopes."""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.records.delineate import Wave
from ecgssl_core.signals.filters import bandpass

Floats = NDArray[np.float64]

_REFRACTORY_S = 0.25
_QRS_SHARE = 0.3  # of the usual energy of slopes that makes a beat
_ONSET_SHARE, _END_SHARE = 0.06, 0.1  # of a complex's steepest slope, below which it has not begun or is over
_T_SHARE, _P_SHARE = 0.04, 0.025  # of the height of the QRS complex that makes a wave


def plain_waves(signal: NDArray[np.float32], rate: float) -> tuple[tuple[Wave, ...], ...]:
    """Give the waves of each lead of a signal (leads, samples) in mV, as `delineate` does."""
    sharp = bandpass(signal, rate, 0.5, 40.0).astype(np.float64)
    soft = bandpass(signal, rate, 0.5, 15.0).astype(np.float64)
    peaks = _beats(signal, rate)
    return tuple(_of_lead(one, two, peaks, rate) for one, two in zip(sharp, soft, strict=True))


def _beats(signal: NDArray[np.float32], rate: float) -> list[int]:
    """Give the middle of each beat, where the slopes of all leads together are steepest."""
    slopes = np.gradient(bandpass(signal, rate, 5.0, 20.0).astype(np.float64), axis=1)
    slopes /= np.maximum(np.std(slopes, axis=1, keepdims=True), 1e-9)
    width = round(0.1 * rate)
    energy = np.convolve((slopes**2).mean(axis=0), np.ones(width) / width, mode="same")
    seconds = [energy[at : at + round(1.5 * rate)].max() for at in range(0, len(energy), round(1.5 * rate))]
    high = energy > _QRS_SHARE * np.median(seconds)
    peaks: list[int] = []
    edges = np.flatnonzero(np.diff(np.concatenate([[0], high.astype(int), [0]])))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        peak = int(first + energy[first:last].argmax())
        if not peaks or peak - peaks[-1] > _REFRACTORY_S * rate:
            peaks.append(peak)
    return peaks


def _of_lead(sharp: Floats, soft: Floats, peaks: list[int], rate: float) -> tuple[Wave, ...]:
    waves: list[Wave] = []
    before = 0
    for at, peak in enumerate(peaks):
        after = peaks[at + 1] if at + 1 < len(peaks) else len(sharp)
        qrs, height = _complex(sharp, peak, rate)
        p_from, p_to = max(before, peak - round(0.3 * rate)), qrs.onset - round(0.01 * rate)
        waves += [*_wave(soft, 0, p_from, p_to, _P_SHARE * height, rate), qrs]
        t_to = min(qrs.end + round(0.5 * rate), qrs.end + round(0.65 * (after - qrs.end)))
        found = _wave(soft, 2, qrs.end + round(0.06 * rate), t_to, _T_SHARE * height, rate)
        waves += found
        before = found[0].end if found else qrs.end
    return tuple(waves)


def _complex(sharp: Floats, peak: int, rate: float) -> tuple[Wave, float]:
    """Give the QRS complex round the middle of a beat, and its height."""
    first, last = max(peak - round(0.12 * rate), 0), min(peak + round(0.14 * rate), len(sharp) - 1)
    part = sharp[first : last + 1]
    slopes = np.abs(np.gradient(part))
    near = slopes[round(0.05 * rate) : -round(0.05 * rate)] if len(part) > 0.15 * rate else slopes
    steep = np.flatnonzero(slopes > _ONSET_SHARE * near.max())
    onset = int(first + _edge(steep[::-1], int(slopes.argmax()), rate))
    steep = np.flatnonzero(slopes > _END_SHARE * near.max())
    end = int(first + _edge(steep, int(slopes.argmax()), rate))
    top = int(onset + np.abs(sharp[onset : end + 1] - sharp[onset]).argmax()) if end > onset else peak
    return Wave(1, onset, top, max(end, onset + 1)), float(np.ptp(part))


def _edge(steep: NDArray[np.intp], begin: int, rate: float) -> int:
    """Give the last of the steep samples that follow from the beginning on without a break of over 16 ms."""
    last = begin
    for at in steep:
        ahead = (at - last) * (1 if steep[-1] >= steep[0] else -1)
        if ahead > 0.016 * rate:
            break
        if ahead > 0:
            last = int(at)
    return last


def _wave(soft: Floats, kind: int, first: int, last: int, least: float, rate: float) -> list[Wave]:
    """Give the wave between two samples, if there is one, bounded by tangents at its steepest points."""
    if last - first < 0.04 * rate:
        return []
    part = soft[first:last]
    away = part - np.linspace(part[0], part[-1], len(part)) if kind == 0 else part - np.median(part[-len(part) // 4 :])
    peak = int(np.abs(away).argmax())
    sign, height = np.sign(away[peak]), abs(away[peak])
    if height < least or not 2 < peak < len(part) - 3:
        return []
    slopes = np.gradient(sign * away)
    up = int(slopes[:peak].argmax())
    down = peak + int(slopes[peak:].argmin())
    onset = up - sign * away[up] / max(slopes[up], 1e-9)
    end = down + sign * away[down] / max(-slopes[down], 1e-9)
    return [Wave(kind, first + max(round(onset), 0), first + peak, first + min(round(end), len(part) - 1))]
