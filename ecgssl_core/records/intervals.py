"""Rate, intervals and axes of an ECG, each a number or the reason why it cannot be measured."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from .axis import axis_of, frontal_plane
from .beats import MISSING, find_beats
from .delineate import SLOWEST_HZ, Wave, delineate
from .record import Record

SHORTEST_S = 2.5
_ALONE_S = 0.012  # a lead whose boundary lies further out than all others' is no witness
_SEEN = 1 / 3  # of a beat's leads show a wave that counts
_STEADY_S = 0.08  # spread (10th to 90th percentile) within which PR is one interval
_P, _QRS, _T = range(3)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Intervals:
    """What can be measured on an ECG; None where it cannot, and `reasons` then says why, by the name of the field.

    Intervals are medians over beats, each from the earliest onset to the latest end over the leads; the rate is the
    mean. QTc is QT / RR**(1/2) (Bazett 1920) and QT / RR**(1/3) (Fridericia 1920), RR in seconds.

    beats: (beats, leads, 3, 3), as `find_beats` gives them: P, QRS, T; onset, peak, end; samples, -1 where missing.
    """

    heart_rate_per_min: float | None
    pr_ms: float | None
    qrs_ms: float | None
    qt_ms: float | None
    qtc_bazett_ms: float | None
    qtc_fridericia_ms: float | None
    qrs_axis_deg: float | None
    p_axis_deg: float | None
    reasons: dict[str, str]
    leads: tuple[str, ...]
    beats: Ints


NUMBERS = tuple(field.name for field in fields(Intervals) if field.name.endswith(("_ms", "_deg", "_min")))


def measure(record: Record) -> Intervals:
    """Give the intervals of a record, whatever its leads and state; at most its first ten minutes are looked at."""
    if not SLOWEST_HZ <= record.rate < np.inf:
        return _nothing(record, f"A rate of {record.rate:g} samples a second is too low; {SLOWEST_HZ:g} are needed.")
    if record.seconds < SHORTEST_S:
        return _nothing(record, f"The record is {record.seconds:.1f} s long; {SHORTEST_S} s are needed.")
    return intervals_of(record, delineate(record.signal, record.rate))


def intervals_of(record: Record, waves: tuple[tuple[Wave, ...], ...]) -> Intervals:
    """Give the intervals that follow from the waves of each lead, whoever marked them."""
    beats = find_beats(waves, record.rate)
    if not len(beats):
        return _nothing(record, "No QRS complex was found on which the leads agree.")
    limits = np.stack([_limits(beat, _ALONE_S * record.rate) for beat in beats]) / record.rate  # (beats, 3, 2)
    found: dict[str, float | str] = {}
    peaks = np.array([np.median(beat[beat[:, _QRS, 1] != MISSING, _QRS, 1]) for beat in beats]) / record.rate
    beat_s = float(np.diff(peaks).mean()) if len(peaks) > 1 else None
    found["heart_rate_per_min"] = 60 / beat_s if beat_s else "A single beat has no rate."
    found["pr_ms"] = _pr(limits)
    found["qrs_ms"] = _median_ms(limits[:, _QRS, 1] - limits[:, _QRS, 0], "Too few QRS complexes are whole.")
    found["qt_ms"] = _median_ms(limits[:, _T, 1] - limits[:, _QRS, 0], "No end of a T wave was found in most beats.")
    for name, root in (("qtc_bazett_ms", 2), ("qtc_fridericia_ms", 3)):
        found[name] = _corrected(found["qt_ms"], beat_s, root)
    found["qrs_axis_deg"] = _axis(record, limits[:, _QRS], "QRS complexes")
    unsteady = isinstance(found["pr_ms"], str)  # what is taken for P waves may then be anything
    found["p_axis_deg"] = found["pr_ms"] if unsteady else _axis(record, limits[:, _P], "P waves")
    return _intervals(record, found, beats)


def intervals_json(intervals: Intervals) -> dict[str, object]:
    """Give the numbers as a JSON object, null where not measurable, and the reasons under `not_measurable`."""
    numbers = {name: getattr(intervals, name) for name in NUMBERS}
    whole = {name: None if number is None else round(number) for name, number in numbers.items()}
    return {**whole, "beats": len(intervals.beats), "not_measurable": intervals.reasons}


def _limits(beat: Ints, alone: float) -> Floats:
    """Give onset and end over all leads (3, 2) of a beat (leads, 3, 3); NaN where too few leads show the wave."""
    limits = np.full((3, 2), np.nan)
    needed = max(_SEEN * np.count_nonzero(beat[:, _QRS, 1] != MISSING), 1)
    for wave in range(3):
        if np.count_nonzero(beat[:, wave, 1] != MISSING) < needed:
            continue
        onsets, ends = (np.sort(known[known != MISSING]) for known in (beat[:, wave, 0], beat[:, wave, 2]))
        if len(onsets):
            limits[wave, 0] = _outermost(onsets, alone)
        if len(ends):
            limits[wave, 1] = -_outermost(-ends[::-1], alone)
    return limits


def _outermost(moments: Ints, alone: float) -> float:
    """Give the earliest of the moments, in order, that is not alone; of one or two the earliest."""
    while len(moments) > 2 and moments[1] - moments[0] > alone:
        moments = moments[1:]
    return float(moments[0])


def _pr(limits: Floats) -> float | str:
    lengths = limits[:, _QRS, 0] - limits[:, _P, 0]
    known = lengths[np.isfinite(lengths)]
    if len(known) and np.ptp(np.percentile(known, [10, 90])) > _STEADY_S:
        return "The P waves keep no steady distance from the QRS complexes."
    return _median_ms(lengths, "No P wave was found before most beats.")


def _median_ms(lengths_s: Floats, reason: str) -> float | str:
    """Give the median in ms of what at least half of the beats show."""
    known = lengths_s[np.isfinite(lengths_s) & (lengths_s > 0)]
    return float(1000 * np.median(known)) if 2 * len(known) >= len(lengths_s) else reason


def _corrected(qt: float | str, beat_s: float | None, root: int) -> float | str:
    if isinstance(qt, str):
        return qt
    return "A single beat has no rate to correct QT for." if beat_s is None else float(qt / beat_s ** (1 / root))


def _axis(record: Record, limits_s: Floats, waves: str) -> float | str:
    plane = frontal_plane(record)
    if plane is None:
        return "The axis needs lead I and one of II, III and aVF."
    known = limits_s[np.isfinite(limits_s).all(axis=1)]
    if not 2 * len(known) >= len(limits_s):
        return f"No {waves} were found in most beats."
    spans = [(round(first * record.rate), round(last * record.rate)) for first, last in known]
    axis = axis_of(plane, record.rate, spans)
    return f"The {waves} point in no direction of the frontal plane." if axis is None else axis


def _nothing(record: Record, reason: str) -> Intervals:
    return _intervals(record, dict.fromkeys(NUMBERS, reason), np.zeros((0, len(record.leads), 3, 3), np.int64))


def _intervals(record: Record, found: dict[str, float | str], beats: Ints) -> Intervals:
    numbers = {name: None if isinstance(value, str) else value for name, value in found.items()}
    reasons = {name: value for name, value in found.items() if isinstance(value, str)}
    return Intervals(**numbers, reasons=reasons, leads=record.leads, beats=beats)
