"""ISHNE Holter recordings (Badilini 1998, doi:10.1111/j.1542-474X.1998.tb00353.x): from a file to a draft."""

import binascii
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from struct import unpack_from

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, UnknownFormat
from ecgssl_core.records.assemble import MOST_SAMPLES
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.record import Issue, Sex

NAME, GENERAL = "ISHNE", False

_MARK, _ANNOTATIONS = b"ISHNE1.0", b"ANN  1.0"
_FIXED = 522  # bytes before the variable block, which the samples follow
_CRC_FROM = 10
_MOST_LEADS = 12
_LEADS = {
    2: "X", 3: "Y", 4: "Z", 5: "I", 6: "II", 7: "III", 8: "aVR", 9: "aVL", 10: "aVF",
    11: "V1", 12: "V2", 13: "V3", 14: "V4", 15: "V5", 16: "V6", 17: "ES", 18: "AS", 19: "AI",
}  # fmt: skip
_SEXES: dict[int, Sex] = {1: "male", 2: "female"}
_FAULT = -32768  # the count of a lead that was off
_WINDOW = 600  # seconds that are read of a long recording


@dataclass(frozen=True)
class _Header:
    start: int  # of the samples, in the file
    promised: int  # samples a lead
    leads: tuple[str, ...]
    nanovolts: tuple[int, ...]  # a count; 0 where the file does not say
    rate: int
    age: float | None
    sex: Sex | None


def takes(name: str, content: bytes) -> bool:  # noqa: ARG001 - content decides
    """Say whether a file is an ISHNE recording, or the annotations of one."""
    return content[: len(_MARK)] in (_MARK, _ANNOTATIONS)


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the first ten minutes of a recording.

    Args:
        name: the recording's, among the files.
        files: the whole uploaded set, by name; no other file is opened.

    Raises:
        RecordError: the header is damaged, or the file holds annotations only.
    """
    content = files[name]
    if content.startswith(_ANNOTATIONS):
        raise UnknownFormat(name, "These are the beat annotations of a Holter recording, without its signal.")
    header = _header(name, content)
    frames = (len(content) - header.start) // (2 * len(header.leads))
    promised = header.promised
    if promised == frames * len(header.leads):  # some writers count the samples of all leads together
        promised = frames
    held = min(promised, frames)
    if held <= 0:
        raise BrokenFile(name, "The recording holds no sample; copy it again.")
    shown = min(held, _WINDOW * header.rate, MOST_SAMPLES // len(header.leads))
    counts = np.frombuffer(content, "<i2", shown * len(header.leads), header.start).reshape(shown, -1).T
    return Draft(
        Path(name).stem,
        "ISHNE 1.0",
        float(header.rate),
        tuple(_channel(*row) for row in zip(counts, header.leads, header.nanovolts, strict=True)),
        header.age,
        header.sex,
        issues=tuple(_issues(content, promised, frames, shown, header.rate)),
    )


def _header(name: str, content: bytes) -> _Header:
    if len(content) < _FIXED:
        raise BrokenFile(name, "The ISHNE header ends early; copy the file again.")
    crc, block, promised, _, start = unpack_from("<H4i", content, 8)
    if block < 0 or start != _FIXED + block or start > len(content):
        raise BrokenFile(name, "The ISHNE header does not say where its samples begin; copy the file again.")
    found = binascii.crc_hqx(content[_CRC_FROM:start], 0xFFFF)
    # the standard leaves the order of its two bytes open; 0 stands for none
    if crc not in (0, found, (found & 0xFF) << 8 | found >> 8):
        raise BrokenFile(name, "The ISHNE header's checksum is wrong; copy the file again.")
    count, *lists = unpack_from("<37h", content, 156)
    rate = unpack_from("<h", content, 272)[0]
    if not 1 <= count <= _MOST_LEADS:
        raise BrokenFile(name, f"The ISHNE header gives {count} leads, not 1 to {_MOST_LEADS}; copy the file again.")
    if promised <= 0 or rate <= 0:
        raise BrokenFile(name, "The ISHNE header gives no samples or no rate; copy the file again.")
    leads = tuple(_LEADS.get(code, "") for code in lists[:count])
    nanovolts = tuple(max(size, 0) for size in lists[24 : 24 + count])
    sex = _SEXES.get(unpack_from("<h", content, 128)[0])
    return _Header(start, promised, leads, nanovolts, rate, _age(content), sex)


def _channel(counts: NDArray[np.int16], lead: str, nanovolts: int) -> Channel:
    scale, unit = (float(nanovolts), "nV") if nanovolts else (1.0, None)
    return Channel(lead, np.where(counts == _FAULT, math.nan, counts.astype(np.float64) * scale), unit, scale)


def _issues(content: bytes, promised: int, frames: int, shown: int, rate: int) -> list[Issue]:
    issues = []
    if promised > frames:
        told = f"The file promises {promised} samples a lead and holds {frames}; only those are shown."
        issues.append(Issue("PART", None, "block", told, "Copy it again."))
    if promised < frames:
        told = f"The file holds {frames} samples a lead and promises {promised}; only those are shown."
        issues.append(Issue("PART", None, "warn", told, "Check the export."))
    if shown < min(promised, frames):
        told = f"The recording lasts {frames / rate / 60:.0f} minutes; the first {shown / rate:.0f} seconds are shown."
        issues.append(Issue("PART", None, "note", told, "Cut out the part to be looked at."))
    if not any(content[8:_CRC_FROM]):
        told = "The recording carries no checksum: damage in its header would not be noticed."
        issues.append(Issue("PART", None, "note", told, ""))
    return issues


def _age(content: bytes) -> float | None:
    born, seen = (unpack_from("<3h", content, at) for at in (132, 138))  # day, month, year
    try:
        birth, day = date(*reversed(born)), date(*reversed(seen))
    except ValueError:
        return None
    if day < birth:
        return None
    return float(day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day)))
