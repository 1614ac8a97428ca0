"""One record on its way into a pack: read apart from this process, brought to twelve leads and one rate, or refused."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.labels import snomed_codes
from ecgssl_core.records.read import gather
from ecgssl_core.records.record import Reading, Record, Refusal
from ecgssl_core.records.sandbox import read_isolated
from ecgssl_core.signals.leads import LEADS, complete_limb_leads
from ecgssl_core.signals.resample import resample

LONGEST_GAP_S = 0.02
SHORTEST_S = 1.0
OLDEST = 90.0  # ages above it can identify a person, and some corpora write 300 for all of them
FULL_SCALE = 32767
BY_CHANCE = ("TIME", "CRASH")  # a busy machine must not decide what is packed: such a record has a second try
SMALLEST_PEAK_MV = 0.001  # keeps the scale of a record without any signal above zero


@dataclass(frozen=True, eq=False)
class Admitted:
    """A record as the pack holds it: its line of the table but for the place, and int16 counts (samples, 12)."""

    row: dict[str, Any]
    counts: NDArray[np.int16]


def admit(entry: Entry, rate: float) -> Admitted | Refusal:
    """Give a record in the pack's form, or why it is left out; it is read in a process of its own.

    Args:
        entry: the record.
        rate: samples a second that the pack has.
    """
    files, unreadable = gather([entry.path])
    reading = Reading((), unreadable) if unreadable else read_isolated(files)
    if any(refusal.kind in BY_CHANCE for refusal in reading.refused):
        reading = read_isolated(files)
    if len(reading.records) != 1:
        unclear = Refusal(entry.key, "EMPTY", "The file holds no record, or more than one.")
        first = next(iter(reading.refused), unclear)
        return Refusal(entry.key, first.kind, first.sentence)
    record = reading.records[0]
    return _objection(entry.key, record) or _converted(entry, record, rate)


def quantise(signal: NDArray[np.float32]) -> tuple[NDArray[np.int16], float]:
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


def _longest_run(flags: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _objection(key: str, record: Record) -> Refusal | None:
    guessed = [lead for lead, origin in record.units.items() if origin == "guessed"]
    if guessed:
        return Refusal(key, "ASK-UNIT", f"The file does not say the unit of lead {guessed[0]}.")
    blocking = next((issue for issue in record.issues if issue.severity == "block"), None)
    if blocking is not None:
        return Refusal(key, blocking.kind, blocking.sentence)
    if record.seconds < SHORTEST_S:
        return Refusal(key, "NOPRED", f"The record lasts {record.seconds:.2f} s; a pack takes records from 1 s on.")
    return None


def _converted(entry: Entry, record: Record, rate: float) -> Admitted | Refusal:
    signal, leads, _ = complete_limb_leads(record.signal, record.leads)
    absent = [lead for lead in LEADS if lead not in leads]
    if absent:
        named = ", ".join(absent[:3]) + (", …" if len(absent) > 3 else "")
        return Refusal(entry.key, "PART", f"The record lacks {len(absent)} of the twelve leads: {named}.")
    twelve, gaps = bridge_gaps(signal[[leads.index(lead) for lead in LEADS]], record.rate)
    if gaps:
        lead, seconds = next(iter(gaps.items()))
        told = f"Lead {LEADS[lead]} has a gap of {1000 * seconds:.0f} ms; up to 20 ms are bridged."
        return Refusal(entry.key, "BROKEN", told)
    counts, scale = quantise(resample(twelve, record.rate, rate))
    return Admitted(_row(entry, record, len(counts), scale), counts)


def _row(entry: Entry, record: Record, samples: int, scale: float) -> dict[str, Any]:
    codes = snomed_codes(record.codes if entry.codes is None else entry.codes)
    age = record.age if entry.age is None else entry.age
    return {
        "key": entry.key,
        "source": entry.source,
        "patient": entry.patient,
        "patient_known": entry.patient is not None,
        "age": None if age is None else min(float(age), OLDEST),
        "sex": entry.sex or record.sex,
        "codes": json.dumps(codes) if codes else None,
        "unknown_codes": json.dumps(entry.unknown_codes),
        "file_rate_hz": record.rate,
        "samples": samples,
        "scale_mv": scale,
        "sha256": record.digest,
        "published_fold": entry.published_fold,
        "same_signal": entry.same_signal,
    }
