"""One record brought into the form of a pack: its leads, one rate, int16 counts; runs where files are read, apart."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import RecordError
from ecgssl_core.records.answers import Answers, answered
from ecgssl_core.records.quality import check_quality
from ecgssl_core.records.record import Reading, Record
from ecgssl_core.signals.leads import LEADS
from ecgssl_core.signals.resample import resample

LONGEST_GAP_S = 0.02
SHORTEST_S = 1.0
FULL_SCALE = 32767
SMALLEST_PEAK_MV = 0.001  # keeps the scale of a record without any signal above zero
MOST_MARKS, MOST_LEADS = 20, 64  # told of a record
_SPAN = (0.005, 0.995)
_ORIGINS, _MARKS = ("guessed", "user", "file"), ("bad", "warn", "good")  # the worst first


@dataclass(frozen=True)
class Form:
    """What a pack wants of its records.

    Args:
        rate: samples a second.
        leads: names of the rows; empty where a record is only to be looked at.
        unit_mv, names, file_rate: a person's answers to what files leave open, as of `records.answers`.
        quality: whether the record's quality is to be looked at too.
    """

    rate: float
    leads: tuple[str, ...]
    unit_mv: float | None = None
    names: tuple[str, ...] | None = None
    file_rate: float | None = None
    quality: bool = False


@dataclass(frozen=True)
class Facts:
    """What a record says of itself, or why it is refused; nothing that names its owner.

    kind, sentence: of the refusal; empty where the record was taken.
    format, rate, seconds: name of its reader, samples a second in the file, length; empty and zero if nothing was read.
    leads, units: names in the file; `guessed` if any lead's unit is, then `user`, then `file`.
    span_mv: median over leads of the range that holds 99 % of their samples; zero where nothing was converted.
    quality, marks: good, warn or bad with the sentences behind it; empty where it was not looked at.
    age, sex, codes: as the file has them.
    digest: of the record as it was read.
    scale_mv: size of a count.
    """

    kind: str = ""
    sentence: str = ""
    format: str = ""
    rate: float = 0.0
    seconds: float = 0.0
    leads: tuple[str, ...] = ()
    units: str = ""
    span_mv: float = 0.0
    quality: str = ""
    marks: tuple[str, ...] = ()
    age: float | None = None
    sex: str | None = None
    codes: tuple[str, ...] = ()
    digest: str = ""
    scale_mv: float = 0.0


Counts = NDArray[np.int16]
NOTHING: Counts = np.zeros((0, 0), dtype=np.int16)


def make_ready(reading: Reading, form: Form) -> tuple[Facts, Counts]:
    """Give what is to be told of what one record's files gave, and its counts (samples, leads), none if refused."""
    if len(reading.records) > 1:
        count = len(reading.records)
        return Facts(
            "FORMAT", f"The file holds {count} records; unpack it, for a pack takes one record a file."
        ), NOTHING
    if not reading.records:
        if reading.refused:
            return Facts(reading.refused[0].kind, reading.refused[0].sentence), NOTHING
        return Facts("EMPTY", "The file holds no record."), NOTHING
    try:
        record = answered(reading.records[0], Answers(form.unit_mv, form.names, form.file_rate))
    except RecordError as error:
        return Facts(error.kind, error.sentence), NOTHING
    told = _told(record, reading.records[0], form.quality)
    kind, sentence = _objection(record)
    if kind or not form.leads:
        return Facts(kind=kind, sentence=sentence, **told), NOTHING
    signal, kind, sentence = _arranged(record, form.leads)
    if kind:
        return Facts(kind=kind, sentence=sentence, **told), NOTHING
    changed = resample(signal, record.rate, form.rate)
    counts, scale = quantise(changed)
    return Facts(**{**told, "span_mv": span(changed)}, digest=record.digest, scale_mv=scale), counts


def quantise(signal: NDArray[np.float32]) -> tuple[Counts, float]:
    """Give a signal as int16 counts, and the size of a count in mV.

    The largest sample of the record takes the largest count, so that no sample moves by more than 1/65534 of it.

    Args:
        signal: (leads, samples), in mV, finite.

    Returns:
        Counts (samples, leads), and the scale, a number that float32 holds exactly.
    """
    scale = np.float32(max(float(np.abs(signal).max()), SMALLEST_PEAK_MV) / FULL_SCALE)
    counts = np.clip(np.rint(signal.T / scale), -FULL_SCALE, FULL_SCALE)
    return counts.astype("<i2"), float(scale)


def bridge_gaps(signal: NDArray[np.float32], rate: float) -> tuple[NDArray[np.float32], dict[int, float]]:
    """Give the signal with a straight line over each gap of at most 20 ms, and the seconds of longer gaps by lead.

    Args:
        signal: (leads, samples); a gap is a run of samples that are no finite number.
        rate: samples a second.
    """
    missing = ~np.isfinite(signal)
    if not missing.any():
        return signal, {}
    bridged, too_long = signal.copy(), {}
    places = np.arange(signal.shape[1])
    for lead in np.flatnonzero(missing.any(axis=1)):
        gap = _longest_run(missing[lead]) / rate
        if gap > LONGEST_GAP_S:
            too_long[int(lead)] = gap
            continue
        known = ~missing[lead]
        bridged[lead] = np.interp(places, places[known], signal[lead, known])
    return bridged, too_long


def span(signal: NDArray[np.float32]) -> float:
    """Give the median over leads of P99.5 − P0.5, in mV: a wrong unit shows in it, whatever the heart does.

    Args:
        signal: (leads, samples), in mV, finite.
    """
    low, high = (round(share * (signal.shape[1] - 1)) for share in _SPAN)
    ordered = np.partition(signal, (low, high), axis=1)
    return float(np.median(ordered[:, high] - ordered[:, low]))


def _longest_run(flags: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _told(record: Record, as_read: Record, with_quality: bool) -> dict[str, Any]:
    leads = tuple(lead for lead in as_read.leads if lead not in as_read.derived) + as_read.aside
    whole = record.signal[np.isfinite(record.signal).all(axis=1)]  # (leads, samples)
    quality = check_quality(record) if with_quality else None
    marks = {lead.mark for lead in quality.leads} if quality else set()
    if quality and quality.blocked:
        marks.add("bad")
    return {
        "format": record.format,
        "rate": record.rate,
        "seconds": record.seconds,
        "leads": leads[:MOST_LEADS],
        "units": next((origin for origin in _ORIGINS if origin in record.units.values()), "file"),
        "span_mv": span(whole) if with_quality and whole.size else 0.0,
        "quality": next((mark for mark in _MARKS if mark in marks), ""),
        "marks": tuple(issue.sentence for issue in quality.issues[:MOST_MARKS]) if quality else (),
        "age": record.age,
        "sex": record.sex,
        "codes": record.codes,
    }


def _objection(record: Record) -> tuple[str, str]:
    guessed = next((lead for lead, origin in record.units.items() if origin == "guessed"), None)
    if guessed is not None:
        return "ASK-UNIT", f"The file does not say the unit of lead {guessed}."
    blocking = next((issue for issue in record.issues if issue.severity == "block"), None)
    if blocking is not None:
        return blocking.kind, blocking.sentence
    if record.seconds < SHORTEST_S:
        return "NOPRED", f"The record lasts {record.seconds:.2f} s; a pack takes records from 1 s on."
    return "", ""


def _arranged(record: Record, wanted: tuple[str, ...]) -> tuple[NDArray[np.float32], str, str]:
    """Give the leads wanted without gaps, (leads, samples), or the kind and sentence of a refusal."""
    absent = [lead for lead in wanted if lead not in record.leads]
    if absent:
        named = ", ".join(absent[:3]) + (", …" if len(absent) > 3 else "")
        of_all = "the twelve leads" if wanted == LEADS else f"the pack's {len(wanted)} leads"
        return record.signal, "PART", f"The record lacks {len(absent)} of {of_all}: {named}."
    bridged, gaps = bridge_gaps(record.signal[[record.leads.index(lead) for lead in wanted]], record.rate)
    if gaps:
        lead, seconds = next(iter(gaps.items()))
        told = f"Lead {wanted[lead]} has a gap of {1000 * seconds:.0f} ms; up to 20 ms are bridged."
        return bridged, "BROKEN", told
    return bridged, "", ""
