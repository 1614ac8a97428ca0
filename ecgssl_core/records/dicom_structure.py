"""The skeleton of a DICOM file: what its bytes are divided into, checked before any library reads them.

A library descends into sequences by calling itself and believes lengths; here they are walked with a stack, and only
elements that a reader of ECGs asks for go any further: the names of people do not.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ecgssl_core.errors import BrokenFile, LimitError, UnsafeFile

MOST_DEPTH, MOST_ELEMENTS = 8, 200_000
MOST_WANTED = 20_000  # elements of waveforms: twelve leads have some hundreds
MOST_BYTES = 64 << 20  # inflated too: a file as it is may have no more
IMPLICIT, BIG, DEFLATED = "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"
DIRECTORY = "1.2.840.10008.1.3.10"
_PREAMBLE, _MARK = 128, b"DICM"
_LONG = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
_SHORT = frozenset(b"AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US".split())
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_MEDIA_CLASS, _SYNTAX, _PIXELS = 0x00020002, 0x00020010, 0x7FE0
_RATIO, _HONEST = 200, 32 << 20  # an honest flat record also packs well, but is not large
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Body:
    """The data set of a file, inflated, and how it is written."""

    content: bytes
    is_implicit: bool
    is_little: bool
    kind: str


@dataclass(frozen=True)
class _Element:
    tag: int
    vr: bytes
    length: int
    head: int
    start: int


@dataclass(frozen=True)
class _Level:
    """A sequence or an item that is open: where it ends if that is said, and how what it holds is written."""

    is_sequence: bool
    end: int
    is_open: bool
    is_implicit: bool


def has_mark(content: bytes) -> bool:
    """Say whether a file is DICOM: by its mark, or without one by a first element and an identifier of the standard."""
    if content[_PREAMBLE : _PREAMBLE + 4] == _MARK:
        return True
    return content[:2] in (b"\x02\0", b"\x08\0") and b"1.2.840.10008." in content[:1024]


def open_body(name: str, content: bytes) -> Body:
    """Give the data set of a file, inflated under a limit, and the kind of object that it is said to be.

    Raises:
        RecordError: the file is a directory of other files, is damaged, or would inflate to too much.
    """
    if len(content) > MOST_BYTES:
        raise LimitError(name, "The file is larger than 64 MiB; cut the recording into shorter ones.")
    start = _PREAMBLE + 4 if content[_PREAMBLE : _PREAMBLE + 4] == _MARK else 0
    syntax = kind = ""
    is_meta = content[start : start + 2] == b"\x02\0"
    whole = _Level(False, len(content), False, False)
    while content[start : start + 2] == b"\x02\0":
        element = _element(name, content, start, whole, True)
        value = content[element.start : element.start + element.length].rstrip(b"\0 ").decode("latin-1")
        syntax, kind = (value if element.tag == _SYNTAX else syntax), (value if element.tag == _MEDIA_CLASS else kind)
        start = element.start + element.length
    if kind == DIRECTORY or content[start : start + 2] == b"\x04\0":
        raise UnsafeFile(name, "The file is a directory that names other files; nothing was opened; give the ECGs.")
    if syntax == DEFLATED:
        return Body(_inflated(name, content[start:]), False, True, kind)
    # without a word on it, explicit writing shows in the first element
    is_implicit = syntax == IMPLICIT if is_meta else content[start + 4 : start + 6] not in _LONG | _SHORT
    return Body(content[start:], is_implicit, syntax != BIG, kind)


def elements(name: str, body: Body, wanted: frozenset[int]) -> bytes:
    """Give the wanted elements of a data set as they are written, all others left out, after checking them all.

    Raises:
        RecordError: lengths do not fit, or there are more or deeper elements than in any ECG.
    """
    kept, count = bytearray(), 0
    for element, end, within in _top_level(name, body):
        if element.tag in wanted:
            kept += body.content[element.head : end]
            count += within
        if count > MOST_WANTED:
            raise LimitError(name, "The file describes more channels than any ECG has; it cannot be read.")
    return bytes(kept)


def _top_level(name: str, body: Body) -> Iterator[tuple[_Element, int, int]]:
    """Walk all elements; give those of the first level, with the place where each ends and how many it holds."""
    levels = [_Level(False, len(body.content), False, body.is_implicit)]
    at, since, first = 0, 0, _Element(0, b"", 0, 0, 0)
    filled = len(body.content.rstrip(b"\0"))  # from here on with zeros, to the size of a block
    for number in range(MOST_ELEMENTS):
        if levels[-1].is_sequence:
            at = _item(name, body, at, levels)
        else:
            if len(levels) == 1 and at >= filled:
                return
            element = _element(name, body.content, at, levels[-1], body.is_little)
            if len(levels) == 1:
                first, since = element, number
            if first.tag >> 16 == _PIXELS:
                return
            at = _after(name, element, levels)
        while not levels[-1].is_open and at == levels[-1].end and len(levels) > 1:
            levels.pop()
        if len(levels) == 1:
            yield first, at, number + 1 - since
    raise LimitError(name, f"The file has more than {MOST_ELEMENTS} elements; it is no ECG that can be read.")


def _after(name: str, element: _Element, levels: list[_Level]) -> int:
    """Go into a sequence, out of an item, or past a value; give where to go on."""
    level = levels[-1]
    if level.is_open and element.tag == _ITEM_END:
        levels.pop()
    elif _is_sequence(element, level.is_implicit):
        _descend(name, element, level, levels)
    else:
        return element.start + element.length
    return element.start


def _descend(name: str, element: _Element, level: _Level, levels: list[_Level]) -> None:
    if sum(each.is_sequence for each in levels) >= MOST_DEPTH:
        raise LimitError(name, f"The file is nested more than {MOST_DEPTH} levels deep; it is no ECG that can be read.")
    is_open = element.length == _UNDEFINED
    # PS3.5 6.2.2: what is unknown and of undefined length is written implicitly inside
    is_implicit = level.is_implicit or element.vr == b"UN"
    levels.append(_Level(True, level.end if is_open else element.start + element.length, is_open, is_implicit))


def _item(name: str, body: Body, at: int, levels: list[_Level]) -> int:
    """Go into the next item of a sequence, or out of the sequence; give where to go on."""
    level = levels[-1]
    if at + 8 > level.end:
        raise BrokenFile(name, "A sequence ends within an item; copy or export the file again.")
    group, number, length = struct.unpack_from("<HHL" if body.is_little else ">HHL", body.content, at)
    tag, start = group << 16 | number, at + 8
    if level.is_open and tag == _SEQUENCE_END:
        levels.pop()
    elif tag == _ITEM and length == _UNDEFINED:
        levels.append(_Level(False, level.end, True, level.is_implicit))
    elif tag == _ITEM and start + length <= level.end:
        levels.append(_Level(False, start + length, False, level.is_implicit))
    else:
        raise BrokenFile(name, "A sequence holds something other than whole items; copy or export the file again.")
    return start


def _element(name: str, content: bytes, at: int, within: _Level, is_little: bool) -> _Element:
    order, end = "<" if is_little else ">", within.end
    if at + 8 > end:
        raise BrokenFile(name, "The file ends within an element; copy or export it again.")
    group, number, length = struct.unpack_from(order + "HHL", content, at)
    tag, start, vr = group << 16 | number, at + 8, b""
    if not within.is_implicit and group != 0xFFFE:
        vr, length = struct.unpack_from(order + "2sH", content, at + 4)
        if vr in _LONG and at + 12 <= end:
            (length,) = struct.unpack_from(order + "L", content, at + 8)
            start = at + 12
        elif vr not in _SHORT:
            raise BrokenFile(name, f"Element ({group:04X},{number:04X}) is of no known kind; export the file again.")
    if length != _UNDEFINED and start + length > end:
        if start + length > len(content):
            raise BrokenFile(name, f"The file ends early, within element ({group:04X},{number:04X}); copy it again.")
        raise BrokenFile(
            name, f"Element ({group:04X},{number:04X}) is longer than what holds it; export the file again."
        )
    return _Element(tag, vr, length, at, start)


def _is_sequence(element: _Element, is_implicit: bool) -> bool:
    if element.length == _UNDEFINED or element.vr == b"SQ":
        return True
    if not is_implicit:
        return False
    from pydicom.datadict import dictionary_has_tag, dictionary_VR  # slow to load: only the reading process needs it

    return dictionary_has_tag(element.tag) and dictionary_VR(element.tag) == "SQ"


def _inflated(name: str, packed: bytes) -> bytes:
    stream, plain, block = zlib.decompressobj(-zlib.MAX_WBITS), bytearray(), packed
    try:
        while not stream.eof:
            piece = stream.decompress(block, _BLOCK)
            plain += piece
            block = stream.unconsumed_tail
            if len(plain) > MOST_BYTES or (len(plain) > _HONEST and len(plain) > _RATIO * len(packed)):
                raise LimitError(name, "The file would unpack to far more than an ECG; export it uncompressed.")
            if not piece and not block:
                raise BrokenFile(name, "The compressed data end too early; copy or export the file again.")
    except zlib.error as error:
        raise BrokenFile(name, "The compressed data are damaged; copy or export the file again.") from error
    return bytes(plain)
