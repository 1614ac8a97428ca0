"""Lessons: a real recording with one thing done to it that goes wrong in practice, as files like any other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.signals.resample import resample

from .read import read_records
from .record import Record

Files = dict[str, bytes]
COUNTS_PER_MV = 1000
FLAT, MAINS_HZ, MAINS_MV, SLOW_HZ = "V2", 50.0, 0.15, 100.0
FEW = ("I", "II", "V1")
# how much of what the electrode of the right arm picks up is in each lead; the others are chest leads
OF_RIGHT_ARM = {"I": -1.0, "II": -1.0, "III": 0.0, "aVR": 1.0, "aVL": -0.5, "aVF": -0.5}


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    title: in a few words. of: name of the recording that it is made of. done: exactly what was done to that, as the end
    of a sentence. look: what to look at, one sentence.
    """

    title: str
    of: str
    done: str
    look: str
    made: Callable[[str, Record], Files]


def lesson_files(name: str, files: Mapping[str, bytes]) -> Files:
    """Give the files of a lesson.

    Args:
        name: of the lesson, a key of LESSONS.
        files: of the recording that it is made of, by their names.
    """
    return LESSONS[name].made(name, read_records(files).records[0])


def _arms(name: str, record: Record) -> Files:
    # what the machine would record: I turns over, II and III change places, and so do aVR and aVL
    places = {"II": "III", "III": "II", "aVR": "aVL", "aVL": "aVR"}
    rows = [record.leads.index(places.get(lead, lead)) for lead in record.leads]
    signal = record.signal[rows].copy()
    signal[record.leads.index("I")] *= -1
    return _wfdb(name, record, signal)


def _flat(name: str, record: Record) -> Files:
    signal = record.signal.copy()
    signal[record.leads.index(FLAT)] = 0.0
    return _wfdb(name, record, signal)


def _mains(name: str, record: Record) -> Files:
    seconds = np.arange(record.signal.shape[1]) / record.rate
    hum = MAINS_MV * np.sin(2 * np.pi * MAINS_HZ * seconds)
    shares = np.array([OF_RIGHT_ARM.get(lead, -1 / 3) for lead in record.leads])
    return _wfdb(name, record, record.signal + np.outer(shares, hum).astype(np.float32))


def _slow(name: str, record: Record) -> Files:
    return _wfdb(name, record, resample(record.signal, record.rate, SLOW_HZ), rate=SLOW_HZ)


def _few(name: str, record: Record) -> Files:
    return _wfdb(name, record, record.signal[[record.leads.index(lead) for lead in FEW]], FEW)


def _unsaid(name: str, record: Record) -> Files:
    seconds = np.arange(record.signal.shape[1]) / record.rate
    lines = [",".join(("time_s", *record.leads))]
    lines += [
        ",".join((f"{at:.3f}", *map(str, row))) for at, row in zip(seconds, _counts(record.signal).T, strict=True)
    ]
    return {f"{name}.csv": ("\n".join(lines) + "\n").encode()}


def _wfdb(
    name: str, record: Record, signal: NDArray[np.float32], leads: tuple[str, ...] = (), rate: float = 0.0
) -> Files:
    """Give a WFDB header and its samples, in format 16 at 1000 counts per mV."""
    leads, rate, counts = leads or record.leads, rate or record.rate, _counts(signal)
    sums = counts.sum(axis=1, dtype=np.int64) % 65536
    lines = [f"{name} {len(leads)} {rate:g} {counts.shape[1]}"]
    lines += [
        f"{name}.dat 16 {COUNTS_PER_MV}/mV 16 0 {row[0]} {total} 0 {lead}"
        for lead, row, total in zip(leads, counts, sums, strict=True)
    ]
    lines += [f"# Age: {record.age:g}"] if record.age is not None else []
    lines += [f"# Sex: {record.sex.title()}"] if record.sex else []
    return {f"{name}.hea": ("\n".join(lines) + "\n").encode(), f"{name}.dat": counts.T.astype("<i2").tobytes()}


def _counts(signal: NDArray[np.float32]) -> NDArray[np.int16]:
    counts: NDArray[np.int16] = np.clip(np.rint(signal * COUNTS_PER_MV), -32767, 32767).astype(np.int16)
    return counts


LESSONS = {
    "lesson-arms": Lesson(
        "Lesson: exchanged arm electrodes",
        "HR00009",
        "the limb leads are those that exchanged electrodes of right and left arm would give",
        "Lead I stands on its head and aVR looks like aVL: the quality row suspects the electrodes.",
        _arms,
    ),
    "lesson-flat": Lesson(
        "Lesson: a lead without contact",
        "HR00009",
        f"lead {FLAT} is set to zero from beginning to end",
        f"The quality row marks {FLAT} and names the remedy; the recording is shown, and not scored.",
        _flat,
    ),
    "lesson-mains": Lesson(
        "Lesson: hum of the mains",
        "HR00318",
        f"the electrode of the right arm also picks up a sine of {MAINS_HZ:g} Hz and {MAINS_MV:g} mV",
        "The line is thick in all leads but III, which does not touch the right arm: look after that electrode.",
        _mains,
    ),
    "lesson-100hz": Lesson(
        "Lesson: 100 samples a second",
        "HR00180",
        f"it is resampled from 500 to {SLOW_HZ:g} Hz",
        "Notches of the QRS are blunter than in the sample at 500 Hz, and intervals are coarser.",
        _slow,
    ),
    "lesson-unit": Lesson(
        "Lesson: a file that does not say its unit",
        "HR00180",
        f"it is written as a table of numbers ({COUNTS_PER_MV} per mV) without any unit",
        "The workbench asks for the unit and predicts nothing until somebody answers; the right answer is µV.",
        _unsaid,
    ),
    "lesson-leads": Lesson(
        "Lesson: three leads only",
        "HR00318",
        f"all leads but {', '.join(FEW)} are taken out",
        "The other limb leads are derived from I and II, and the model says which leads it misses.",
        _few,
    ),
}
