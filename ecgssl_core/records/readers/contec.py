"""Contec ECG90A recordings (`.ECG`): from a file to a draft; their layout is known from public converters only."""

import math
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ecgssl_core.errors import BrokenFile, EmptyFile
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.record import Issue, Sex

NAME, GENERAL = "Contec", False

_HEAD, _FOOT = 43, 37  # bytes before and after the samples
_CASE_AND_TIME = re.compile(rb"[0-9]{7}\0..[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\0", re.DOTALL)
_SEX, _AGE = 40, 41
_SEXES: dict[int, Sex] = {0: "female", 1: "male"}
_STORED = ("II", "III", "V1", "V2", "V3", "V4", "V5", "V6")
_FRAME = 2 * len(_STORED)
_ZERO, _MOST, _OFF = 2048, 4095, 0x6800  # counts of 12 bits; the last stands for a lead that was off
_KNOWN = "The layout says neither; an ECG90A takes 800 samples a second in steps of 5 µV: --rate 800 --unit 5uV."


def takes(name: str, content: bytes) -> bool:  # noqa: ARG001 - content decides
    """Say whether a file is a Contec recording: a case number and a time, and whole frames of eight leads."""
    return _CASE_AND_TIME.match(content) is not None and (len(content) - _HEAD - _FOOT) % _FRAME == 0


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the leads of a recording, in counts; its rate and the size of a count are left to be asked.

    Args:
        name: the recording's, among the files.
        files: the whole uploaded set, by name; no other file is opened.

    Raises:
        RecordError: the file holds no sample, or counts that its recorder cannot give.
    """
    content = files[name]
    frames = (len(content) - _HEAD - _FOOT) // _FRAME
    if frames <= 0:
        raise EmptyFile(name, "The recording holds no sample; export it again.")
    counts = np.frombuffer(content, "<u2", frames * len(_STORED), _HEAD).reshape(frames, -1).T
    if ((counts > _MOST) & (counts != _OFF)).any():
        raise BrokenFile(name, "The recording holds counts beyond 12 bits; copy or export it again.")
    rows = dict(zip(_STORED, np.where(counts == _OFF, math.nan, counts.astype(np.float64) - _ZERO), strict=True))
    recorded = {lead: row for lead, row in rows.items() if not np.isnan(row).all()}
    if not recorded:
        raise EmptyFile(name, "No lead of the recording was connected; there is nothing to show.")
    if {"II", "III"} <= recorded.keys():
        recorded = {"I": recorded["II"] - recorded["III"], **recorded}
    channels = tuple(Channel(lead, row, None, 1.0) for lead, row in recorded.items())
    age = float(content[_AGE]) or None
    return Draft(
        Path(name).stem, "Contec ECG90A", None, channels, age, _SEXES.get(content[_SEX]), issues=_notes(set(recorded))
    )


def _notes(recorded: set[str]) -> tuple[Issue, ...]:
    notes = [Issue("PART", None, "note", _KNOWN, "")]
    if "I" in recorded:
        notes.append(Issue("PART", "I", "note", "Lead I is not stored: it follows from II and III.", ""))
    off = [lead for lead in _STORED if lead not in recorded]
    if off:
        notes.append(Issue("PART", None, "note", f"Not connected: {', '.join(off)}.", ""))
    return tuple(notes)
