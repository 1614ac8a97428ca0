"""AliveCor Kardia recordings (`.atc`, ATC File Format Specification 1.1 to 1.7): from a file to a draft."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, EmptyFile, UnknownFormat
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.record import Issue

NAME, GENERAL = "Kardia ATC", False

_MARK = b"ALIVE\0\0\0"
_HEAD = Struct("<4sI")  # of a block: what it is, and its length
_FORMAT = Struct("<BHHB")  # 1 for 16 bits, samples a second, nV a count, filters
_SUM = 4  # bytes of a block's checksum
_VERSIONS = range(1, 6)
_LEADS = dict(
    zip(
        (b"ecg ", b"ecg2", b"ecg3", b"ecg4", b"ecg5", b"ecg6", b"ecg7", b"ecg8", b"ecg9", b"ecga", b"ecgb", b"ecgc"),
        ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"),
        strict=True,
    )
)


@dataclass(frozen=True)
class _Block:
    what: bytes
    length: int  # as it is said
    data: bytes


def takes(name: str, content: bytes) -> bool:  # noqa: ARG001 - content decides
    """Say whether a file is a Kardia recording, by its mark."""
    return content.startswith(_MARK)


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the leads of a recording; the block that says when, where and with which phone it was made is passed over.

    Args:
        name: the recording's, among the files.
        files: the whole uploaded set, by name; no other file is opened.

    Raises:
        RecordError: a block is damaged, or the file holds no lead.
    """
    content = files[name]
    version = int.from_bytes(content[8:12], "little")
    if len(content) < 12 or version not in _VERSIONS:
        raise UnknownFormat(name, "This version of Kardia's recordings is not known; export it as PDF or CSV.")
    blocks = list(_blocks(name, content))
    form = next((block.data for block in blocks if block.what == b"fmt "), b"")
    if len(form) < _FORMAT.size:
        raise BrokenFile(name, "The recording does not say its rate (block fmt); copy it again.")
    kind, rate, nanovolts, _ = _FORMAT.unpack_from(form)
    if kind != 1:
        raise UnknownFormat(name, f"The samples are stored in form {kind}, which is not known; export it as CSV.")
    leads = [block for block in blocks if block.what in _LEADS]
    if not leads:
        raise EmptyFile(name, "The recording holds no lead; give the whole file.")
    if len({block.what for block in leads}) < len(leads):
        raise BrokenFile(name, "The recording holds a lead twice; export it again.")
    whole = [block for block in leads if len(block.data) == block.length] or leads[:1]
    scale, unit = (float(nanovolts), "nV") if nanovolts else (1.0, None)
    channels = tuple(Channel(_LEADS[block.what], _counts(block) * scale, unit, scale) for block in whole)
    return Draft(Path(name).stem, f"Kardia ATC {version}", float(rate), channels, issues=_issues(blocks, whole))


def _blocks(name: str, content: bytes) -> Iterator[_Block]:
    """Give the blocks of a file; the last may be cut short, all others' checksums fit."""
    at = 12
    while at + _HEAD.size <= len(content):
        what, length = _HEAD.unpack_from(content, at)
        stop = at + _HEAD.size + length
        if stop + _SUM <= len(content):
            said = int.from_bytes(content[stop : stop + _SUM], "little")
            if said not in _sums(content[at:stop]):
                raise BrokenFile(name, f"The checksum of {_told(what)} is wrong; copy the file again.")
        yield _Block(what, length, content[at + _HEAD.size : stop])
        at = stop + _SUM


def _sums(block: bytes) -> tuple[int, int]:
    """Give what a block's bytes add up to in 32 bits: some of the maker's writers take them with a sign."""
    total = sum(block)
    return total & 0xFFFFFFFF, total - 256 * sum(byte > 127 for byte in block) & 0xFFFFFFFF


def _told(what: bytes) -> str:
    return f"lead {_LEADS[what]}" if what in _LEADS else "a block"


def _counts(block: _Block) -> NDArray[np.float64]:
    return np.frombuffer(block.data, "<i2", len(block.data) // 2).astype(np.float64)


def _issues(blocks: list[_Block], whole: list[_Block]) -> tuple[Issue, ...]:
    last = blocks[-1]
    if len(last.data) == last.length:
        return ()
    told = f"The file ends within a block; only its first leads are shown ({len(whole)})."
    if last in whole:
        told = f"The file promises {last.length // 2} samples and holds {len(last.data) // 2}; only those are shown."
    return (Issue("PART", None, "block", told, "Copy it again."),)
