"""The sections of an SCP-ECG record (EN 1064, clause 5): where they lie, and whether each is whole."""

import binascii
from dataclasses import dataclass
from itertools import pairwise
from struct import Struct

from ecgssl_core.errors import BrokenFile, UnknownFormat

HEADER = 16  # bytes before a section's own data
_RECORD = 6  # bytes before section 0: a checksum, and the record's length
_POINTER = Struct("<HII")  # section, its length, its first byte counted from 1
_HEAD = Struct("<HHIBB6s")  # checksum, section, length, version, protocol, reserved
_CRC_FROM = 2  # a checksum does not count itself
_STANDARD = range(12)  # sections that the standard describes; makers' own ones are not looked into


@dataclass(frozen=True)
class Sections:
    """The sections that a record holds.

    protocol: version of the standard times ten; 0 where the record does not say.
    bodies: each section's data without its header, by its number.
    """

    protocol: int
    bodies: dict[int, bytes]


def looks_like(content: bytes) -> bool:
    """Say whether a file begins as an SCP-ECG record: with its mark, or with a section 0 that points to itself."""
    if content[16:22] == b"SCPECG":
        return True
    return len(content) >= 32 and _points_to_itself(content)


def _points_to_itself(content: bytes) -> bool:
    _, section, length, *_ = _HEAD.unpack_from(content, _RECORD)
    first, said, place = _POINTER.unpack_from(content, _RECORD + HEADER)
    return (section, first) == (0, 0) and length == said and length % 10 == HEADER % 10 and place in (6, 7)


def read_sections(name: str, content: bytes) -> Sections:
    """Give the sections of a record.

    Every checksum (CRC-CCITT) is compared; sections lie inside the record and not over each other.

    Raises:
        BrokenFile: the record is not whole, or contradicts itself.
        UnknownFormat: a maker's own layout under the standard's name.
    """
    if len(content) < _RECORD + HEADER + _POINTER.size:
        raise BrokenFile(name, "The SCP record ends within its head; copy it again.")
    size = int.from_bytes(content[2:_RECORD], "little")
    _, first, length, _, protocol, mark = _HEAD.unpack_from(content, _RECORD)
    if not mark.startswith(b"SCPECG") and _POINTER.unpack_from(content, _RECORD + HEADER)[2] == _RECORD:
        raise UnknownFormat(
            name, "This is a maker's own layout under SCP-ECG's name, such as Healforce's; export it as CSV."
        )
    if not _RECORD + HEADER <= size <= len(content):
        raise BrokenFile(name, f"The SCP record says {size} bytes, the file holds {len(content)}; copy it again.")
    if binascii.crc_hqx(content[_CRC_FROM:size], 0xFFFF) != int.from_bytes(content[:_CRC_FROM], "little"):
        raise BrokenFile(name, "The SCP record's checksum is wrong; copy it again.")
    if first != 0 or not HEADER <= length <= size - _RECORD:
        raise BrokenFile(name, "Section 0 of the SCP record is damaged; export it again.")
    _body(name, 0, content[_RECORD : _RECORD + length])
    bodies = {}
    for section, start, stop in _places(name, content[_RECORD : _RECORD + length], size):
        if section in _STANDARD:
            bodies[section] = _body(name, section, content[start:stop])
    return Sections(protocol, bodies)


def _places(name: str, zero: bytes, size: int) -> list[tuple[int, int, int]]:
    """Give (section, first byte, end) of every section that section 0 points to, in the order of the file."""
    found = []
    for offset in range(HEADER, len(zero) - _POINTER.size + 1, _POINTER.size):
        section, length, place = _POINTER.unpack_from(zero, offset)
        if length and section:
            if length < HEADER or not place or place - 1 + length > size:
                raise BrokenFile(name, f"Section {section} lies outside the SCP record; copy it again.")
            found.append((section, place - 1, place - 1 + length))
    found.sort(key=lambda one: one[1])
    for (before, _, end), (section, start, _) in pairwise([(0, 0, _RECORD + len(zero)), *found]):
        if start < end:
            raise BrokenFile(name, f"Sections {before} and {section} lie over each other; export the record again.")
    if len({section for section, *_ in found}) < len(found):
        raise BrokenFile(name, "The SCP record holds a section twice; export it again.")
    return found


def _body(name: str, section: int, whole: bytes) -> bytes:
    crc, said, length, *_ = _HEAD.unpack_from(whole)
    if (said, length) != (section, len(whole)):
        raise BrokenFile(name, f"Section {section} and the pointer to it disagree; export the record again.")
    if binascii.crc_hqx(whole[_CRC_FROM:], 0xFFFF) != crc:
        raise BrokenFile(name, f"The checksum of section {section} is wrong; copy the file again.")
    return whole[HEADER:]
