"""Some eighty numbers that a reader would measure on an ECG: rhythm, axis, intervals, waves of each lead."""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.signals.filters import bandpass
from ecgssl_core.signals.leads import LEADS

Floats = NDArray[np.float64]

_QRS_HZ = (5.0, 20.0)  # where a QRS complex has its energy, and P and T waves have little
_SMOOTH_S, _REFRACTORY_S = 0.1, 0.25
_LEAST_ENERGY = 1.0  # (mV/s)²; what moves less than this is no heart
_LEAST_SHARE = 0.15  # of a usual beat's slope energy; less is no beat
_BEFORE_S, _AFTER_S = 0.30, 0.45  # of a beat's middle
_LEFT_AXIS, _RIGHT_AXIS = -30.0, 90.0  # degrees
_EARLY = 0.8  # of the median interval between beats

_RHYTHM = ("rate", "variability", "successive", "shortest", "longest", "early", "beats_a_second")
_AXIS = ("axis_cos", "axis_sin", "axis_left", "axis_right")
_TIMES = ("qrs", "p_to_r", "r_to_t", "p_alike")
_WAVES = ("r", "s", "t", "st", "p")
FEATURES = (*_RHYTHM, *_AXIS, *_TIMES, *(f"{wave}_{lead}" for wave in _WAVES for lead in LEADS), "no_beats")


def record_features(signal: NDArray[np.float32], rate: float) -> Floats:
    """Give the numbers named in FEATURES; NaN where the record does not allow one, such as without two beats.

    Args:
        signal: (12, samples) in mV, in the order of LEADS.
        rate: samples a second.
    """
    energy = _slope_energy(signal, rate)
    beats = find_beats(energy, rate)
    windows = _windows(signal.astype(np.float64), beats, rate)  # (beats, leads, samples)
    found = dict.fromkeys(FEATURES, float("nan")) | {"no_beats": float(len(windows) == 0)}
    found |= _rhythm(beats, signal.shape[1], rate)
    if len(windows):
        median = np.median(windows, axis=0)
        waves = _waves(median, rate)
        found |= _axis(waves) | _times(median, windows, rate)
        found |= {f"{wave}_{lead}": waves[wave][row] for wave in _WAVES for row, lead in enumerate(LEADS)}
    return np.array([found[name] for name in FEATURES], dtype=np.float64)


def find_beats(energy: Floats, rate: float) -> NDArray[np.int64]:
    """Give the sample in the middle of each QRS complex.

    Args:
        energy: (samples,) squared slopes of all leads together, in (mV/s)².
        rate: samples a second.
    """
    from scipy.signal import find_peaks  # takes a second to load

    width = max(1, round(_SMOOTH_S * rate))
    smooth = np.convolve(energy, np.full(width, 1 / width), mode="same")
    peaks, _ = find_peaks(smooth, distance=max(1, round(_REFRACTORY_S * rate)), height=_LEAST_ENERGY)
    if not len(peaks):
        return np.zeros(0, dtype=np.int64)
    # a beat every two seconds there is always: their median says how strong a beat is
    strongest = np.sort(smooth[peaks])[-max(3, round(len(energy) / rate / 2)) :]
    beats = peaks[smooth[peaks] >= _LEAST_SHARE * np.median(strongest)]
    return np.array([_middle(energy, int(beat), width) for beat in beats], dtype=np.int64)


def _middle(energy: Floats, beat: int, reach: int) -> int:
    first = max(beat - reach, 0)
    near = energy[first : beat + reach + 1]
    return first + round(float(np.average(np.arange(len(near)), weights=near)))


def _slope_energy(signal: NDArray[np.float32], rate: float) -> Floats:
    slopes = np.gradient(bandpass(signal, rate, *_QRS_HZ).astype(np.float64), axis=1) * rate
    energy: Floats = (slopes**2).sum(axis=0)
    return energy


def _windows(signal: Floats, beats: NDArray[np.int64], rate: float) -> Floats:
    """Give the stretch around each beat that lies wholly in the record, each lead from the level before its P wave."""
    before, after = round(_BEFORE_S * rate), round(_AFTER_S * rate)
    inside = beats[(beats >= before) & (beats + after <= signal.shape[1])]
    places = inside[:, np.newaxis] + np.arange(-before, after)
    windows = signal[:, places].transpose(1, 0, 2)
    level: Floats = np.median(windows[:, :, : max(1, round(0.06 * rate))], axis=2, keepdims=True)
    return windows - level


def _rhythm(beats: NDArray[np.int64], samples: int, rate: float) -> dict[str, float]:
    seconds = samples / rate
    if len(beats) < 3:
        return {"beats_a_second": len(beats) / seconds}
    intervals = np.diff(beats) / rate
    usual, mean = np.median(intervals), intervals.mean()
    return {
        "rate": 60 / usual,
        "variability": intervals.std() / mean,
        "successive": np.sqrt(np.mean(np.diff(intervals) ** 2)) / mean,
        "shortest": intervals.min() / usual,
        "longest": intervals.max() / usual,
        "early": float((intervals < _EARLY * usual).mean()),
        "beats_a_second": len(beats) / seconds,
    }


def _span(rate: float, start_s: float, end_s: float) -> slice:
    return slice(round((_BEFORE_S + start_s) * rate), max(round((_BEFORE_S + end_s) * rate), 1))


def _waves(median: Floats, rate: float) -> dict[str, Floats]:
    """Give each wave's height in each lead, (leads,) in mV, of the median beat (leads, samples)."""
    qrs, t_wave, p_wave = (median[:, _span(rate, *ends)] for ends in ((-0.06, 0.07), (0.14, 0.45), (-0.25, -0.07)))
    return {
        "r": qrs.max(axis=1),
        "s": qrs.min(axis=1),
        "t": _extreme(t_wave),
        "st": median[:, _span(rate, 0.08, 0.12)].mean(axis=1),
        "p": _extreme(p_wave),
    }


def _extreme(values: Floats) -> Floats:
    place = np.abs(values).argmax(axis=1)
    extremes: Floats = values[np.arange(len(values)), place]
    return extremes


def _axis(waves: dict[str, Floats]) -> dict[str, float]:
    net = waves["r"] + waves["s"]
    # aVF sees the frontal plane at 2 / sqrt(3) less than lead I does
    angle = np.degrees(np.arctan2(2 / np.sqrt(3) * net[LEADS.index("aVF")], net[LEADS.index("I")]))
    return {
        "axis_cos": float(np.cos(np.radians(angle))),
        "axis_sin": float(np.sin(np.radians(angle))),
        "axis_left": float(-90 <= angle < _LEFT_AXIS),
        "axis_right": float(angle > _RIGHT_AXIS or angle < -90),
    }


def _times(median: Floats, windows: Floats, rate: float) -> dict[str, float]:
    """Give QRS width, P to R and R to T in seconds, and how alike the P waves of single beats are to the median's."""
    energy = (np.gradient(median, axis=1) ** 2).sum(axis=0)
    near = energy[_span(rate, -0.12, 0.15)]
    first = median[LEADS.index("II")]
    p_wave = _span(rate, -0.25, -0.07)
    t_wave = _span(rate, 0.14, 0.45)
    p_place, t_place = (int(np.abs(first[span]).argmax()) for span in (p_wave, t_wave))
    return {
        "qrs": float((near > 0.1 * near.max()).sum() / rate),
        "p_to_r": (0.25 * rate - p_place) / rate,
        "r_to_t": 0.14 + t_place / rate,
        "p_alike": _likeness(windows[:, LEADS.index("II"), p_wave], first[p_wave]),
    }


def _likeness(beats: Floats, usual: Floats) -> float:
    centred, mean = beats - beats.mean(axis=1, keepdims=True), usual - usual.mean()
    sizes = np.sqrt((centred**2).sum(axis=1) * (mean**2).sum())
    return float(np.mean(np.divide(centred @ mean, sizes, out=np.zeros_like(sizes), where=sizes > 0)))
