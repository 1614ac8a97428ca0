"""Checks of one lead: missing, flat, saturated, too small or large, drifting, mains, muscle noise, shape."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.signals.filters import bandpass, highpass

from .record import Issue, Record, Severity

_GAP_S, _GAP_SHARE, _TOLD_SHARE = 0.2, 0.01, 0.001
_FLAT_S, _FLAT_SHARE, _FLAT_MV = 1.0, 0.5, 0.001
_RAIL_SHORT, _RAIL_PILE, _NEAR_STEPS = 2, 3.0, 5
_RAIL_RUN, _RAIL_WARN, _RAIL_BLOCK = 4, 0.005, 0.02
_SMALL_MV, _LARGE_MV = 0.05, 10.0
_WANDER_MV, _WANDER_RATIO = 1.0, 1.0
_MAINS_SHARE = 0.1
_MUSCLE_HZ, _MUSCLE_WARN_MV, _MUSCLE_BLOCK_MV = 35.0, 0.03, 0.1
_MAD = 1.4826  # standard deviation of a normal distribution in median absolute deviations
_PEAKED, _BEAT_SHARE, _TINY = 0.0, 0.25, 1e-12
_SHORTEST_S = 1.0
_SLOW_RATE = 25.0

Lead = NDArray[np.float32]  # (samples,)
Leads = NDArray[np.float32]  # (leads, samples)


@dataclass(frozen=True)
class Bands:
    """Parts of all leads at once, (leads, samples) in mV: drift, the ECG's own band, what lies above; power spectra."""

    slow: Leads  # at a lower rate
    middle: Leads
    fast: Leads | None
    frequencies: NDArray[np.floating]
    power: NDArray[np.floating]


def bands(record: Record) -> Bands:
    """Give the parts of a record that the checks look at; missing samples count as 0."""
    from scipy.signal import welch  # takes a second to load, which a page has before it needs this

    signal, rate = np.nan_to_num(record.signal), record.rate
    centred = signal - signal.mean(axis=1, keepdims=True)  # once, not in each segment
    frequencies, power = welch(centred, rate, nperseg=min(signal.shape[1], int(4 * rate)), detrend=False)
    fast = highpass(signal, rate, _MUSCLE_HZ) if rate > 4 * _MUSCLE_HZ else None
    # drift needs no more than some samples a second, and filtering all takes ten times as long
    block = max(int(rate / _SLOW_RATE), 1)
    means = signal[:, : signal.shape[1] // block * block].reshape(len(signal), -1, block).mean(axis=2)
    slow = bandpass(means, rate / block, 0.05, 0.5) if means.shape[1] > 1 else means
    return Bands(slow, bandpass(signal, rate, 0.5, 40.0), fast, frequencies, power)


def check_lead(record: Record, row: int, parts: Bands) -> tuple[Issue, ...]:
    """Give what is wrong with one lead of a record.

    - missing: a gap of more than 0.2 s, or more than 1 % of the samples (block); any missing sample (warn);
    - flat: |Δx| ≤ max(1 count, 1 µV) for at least half of the record (block), or for 1 s on end (warn);
    - saturated: of the samples > 2 % (block) or > 0.5 % (warn) lie at the lead's extremes, in runs of at least 4, or of
      2 with more than three times as many samples at the extreme as at each of the five steps before it;
    - amplitude: P99.5 − P0.5 below 0.05 mV or above 10 mV (warn);
    - drift: rms(0.05–0.5 Hz) > rms(0.5–40 Hz), or more than 1 mV peak to peak (warn);
    - mains: P(50 ± 0.5 Hz) or P(60 ± 0.5 Hz) above a tenth of P(1–45 Hz) (warn);
    - muscle: 1.4826 · median |x above 35 Hz| above 0.1 mV (block) or 0.03 mV (warn);
    - shape: kurtosis of 0.5–40 Hz below 0, or P(5–15 Hz) below a quarter of P(5–40 Hz) (warn): no beats stand out.
    """
    signal, lead = record.signal[row], record.leads[row]
    missing = np.isnan(signal)
    if missing.any():
        return (_missing(missing, record.rate, lead),)
    if len(signal) < _SHORTEST_S * record.rate:
        return ()
    flat = tuple(_flat(signal, record.rate, max(record.lsb_mv[row], _FLAT_MV), lead))
    if any(issue.severity == "block" for issue in flat):
        return flat  # nothing more can be said of a flat lead
    return (
        *flat,
        *_saturated(signal, record.lsb_mv[row], lead),
        *_amplitude(signal, lead),
        *_spectral(parts, row, lead),
        *_shape(parts, row, lead),
    )


def _issue(lead: str, severity: Severity, sentence: str, remedy: str) -> Issue:
    return Issue("QUAL", lead, severity, f"Lead {lead}: {sentence}", remedy)


def _missing(missing: NDArray[np.bool_], rate: float, lead: str) -> Issue:
    gap, share = longest_run(missing) / rate, float(missing.mean())
    severity: Severity = "block" if gap > _GAP_S or share > _GAP_SHARE else "warn"
    much = f"{100 * share:.1f}" if share >= _TOLD_SHARE else f"less than {100 * _TOLD_SHARE:g}"
    return _issue(lead, severity, f"{much} % of the samples are missing.", "Record again, or export again.")


def _flat(signal: Lead, rate: float, step: float, lead: str) -> Iterator[Issue]:
    still = np.abs(np.diff(signal)) <= step
    run = longest_run(still) if still.sum() >= min(_FLAT_S * rate, _FLAT_SHARE * len(signal)) else 0
    if run >= _FLAT_SHARE * len(signal):
        yield _issue(lead, "block", "the signal is flat for more than half of the record.", "Check the electrode.")
    elif run >= _FLAT_S * rate:
        yield _issue(lead, "warn", f"the signal is flat for {run / rate:.1f} s.", "Check the electrode.")


def _saturated(signal: Lead, step: float, lead: str) -> Iterator[Issue]:
    share = sum(_at_rail(signal, step), start=0.0) + sum(_at_rail(-signal, step), start=0.0)
    if share > _RAIL_WARN:
        severity: Severity = "block" if share > _RAIL_BLOCK else "warn"
        yield _issue(lead, severity, f"{100 * share:.1f} % of the samples are cut off.", "Record at a lower gain.")


def _at_rail(signal: Lead, step: float) -> Iterator[float]:
    """Give the share of samples at the upper extreme where they pile up there."""
    top = signal.max()
    at_rail = signal == top
    count, run = int(np.count_nonzero(at_rail)), longest_run(at_rail)
    near = np.count_nonzero(signal >= top - _NEAR_STEPS * step * 1.001) - count
    # a cut leaves runs of equal samples; short ones count if the steps just below are far emptier than the extreme
    if run >= _RAIL_RUN or (run >= _RAIL_SHORT and count > _RAIL_PILE * max(near / _NEAR_STEPS, 1.0)):
        yield count / len(signal)


def _amplitude(signal: Lead, lead: str) -> Iterator[Issue]:
    low, high = np.percentile(signal, [0.5, 99.5])
    if not _SMALL_MV <= high - low <= _LARGE_MV:
        sentence = f"it spans {high - low:.2f} mV, unusual for an ECG."
        yield _issue(lead, "warn", sentence, "Check the unit and the electrode.")


def _spectral(parts: Bands, row: int, lead: str) -> Iterator[Issue]:
    slow, wander = parts.slow[row], float(np.ptp(parts.slow[row]))
    if wander > _WANDER_MV or _rms(slow) > _WANDER_RATIO * _rms(parts.middle[row]):
        yield _issue(lead, "warn", f"the baseline wanders by {wander:.1f} mV.", "High-pass at 0.5 Hz.")
    frequencies, power = parts.frequencies, parts.power[row]
    whole = power[(frequencies >= 1) & (frequencies <= 45)].sum()
    hum = [hz for hz in (50, 60) if power[np.abs(frequencies - hz) <= 0.5].sum() > _MAINS_SHARE * whole]
    for hz in hum:
        yield _issue(lead, "warn", f"mains hum at {hz} Hz.", "Move cables away, or use a notch filter.")
    # hum lies where muscle noise does: what it leaves cannot be told apart
    muscle = 0.0 if parts.fast is None or hum else _MAD * float(np.median(np.abs(parts.fast[row])))
    if muscle > _MUSCLE_WARN_MV:
        severity: Severity = "block" if muscle > _MUSCLE_BLOCK_MV else "warn"
        yield _issue(lead, severity, f"muscle noise of {1000 * muscle:.0f} µV.", "Let the patient relax.")


def _shape(parts: Bands, row: int, lead: str) -> Iterator[Issue]:
    """After Q. Li and G. Clifford 2008 (pSQI, kSQI), with limits that hardly a clean lead crosses."""
    power = np.square(parts.middle[row], dtype=np.float64)
    peaked = float((power**2).mean() / max(power.mean() ** 2, _TINY)) - 3
    frequencies, density = parts.frequencies, parts.power[row]
    beats = density[(frequencies >= 5) & (frequencies <= 15)].sum()
    share = beats / max(density[(frequencies >= 5) & (frequencies <= 40)].sum(), _TINY)
    if peaked < _PEAKED or share < _BEAT_SHARE:
        yield _issue(lead, "warn", "no beats stand out of what lies between them.", "Check the electrode.")


def _rms(signal: Lead) -> float:
    return float(np.sqrt(np.mean(np.square(signal, dtype=np.float64))))


def longest_run(flags: NDArray[np.bool_]) -> int:
    """Give the length of the longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))
