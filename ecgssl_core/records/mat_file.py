"""MATLAB files of versions 4 and 5, parsed by their bytes: matrices of real numbers and short texts, nothing else.

Formats as in MathWorks, "MAT-File Format" (R2021). Objects and function handles are refused; cells, structs and sparse
or complex matrices are left out. Every length is compared with the bytes that are there before anything is made.
"""

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, LimitError, UnknownFormat, UnsafeFile

_HEAD = 128
_TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_TEXTS = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16"}  # as stored; MATLAB writes 4 or 16
_MATRIX, _PACKED = 14, 15
_NUMERIC, _CHARACTERS, _UNSAFE, _LEFT_OUT = range(6, 16), 4, (3, 16, 17), (1, 2, 5)
_COMPLEX, _LOGICAL = 0x08, 0x02
_V4 = ("f8", "f4", "i4", "i2", "u2", "u1")
_INFLATED, _BLOCK = 256 << 20, 1 << 20
_FREE, _RATIO = 32 << 20, 200  # past the first, no more than the second of times what is stored
_MOST_ELEMENTS, _MOST_LETTERS = 10_000, 4096

Array = NDArray[np.generic]


@dataclass(frozen=True)
class _Reading:
    """A file that is being read: its name, for sentences, its bytes, and their order."""

    name: str
    content: bytes
    order: str  # "<" or ">"

    def whole(self, at: int, count: int = 4, signed: bool = False) -> int:
        return int.from_bytes(self.content[at : at + count], "little" if self.order == "<" else "big", signed=signed)


def version_of(content: bytes) -> int | None:
    """Give 4, 5 or 7 (7.3, which is HDF5) for a MATLAB file, and None for any other."""
    if content[:8] == b"\x89HDF\r\n\x1a\n" or content[512:520] == b"\x89HDF\r\n\x1a\n":
        return 7
    if content[126:128] in (b"IM", b"MI") and content[:6] == b"MATLAB":
        return 5
    return 4 if _v4_order(content) else None


def read_matrices(name: str, content: bytes) -> dict[str, Array]:
    """Give the matrices of real numbers in a file of version 4 or 5, by name; (rows, columns) each.

    Args:
        name: of the file, for sentences.
        content: of the file.

    Raises:
        RecordError: it is damaged, would unpack to too much, holds code, or is of version 7.3.
    """
    return read_variables(name, content)[0]


def read_variables(name: str, content: bytes) -> tuple[dict[str, Array], dict[str, tuple[str, ...]]]:
    """Give the matrices of a file as `read_matrices` does, and its short texts, a line each.

    Raises:
        RecordError: as `read_matrices`.
    """
    version = version_of(content)
    if version == 7:
        raise UnknownFormat(name, "MATLAB 7.3 and HDF5 files are not opened; save it in MATLAB with -v7, or as CSV.")
    if version is None:
        raise BrokenFile(name, "The file is no MATLAB file; save it again.")
    if version == 4:
        return _version_4(_Reading(name, content, _v4_order(content) or "<")), {}
    reading = _Reading(name, content, "<" if content[126:128] == b"IM" else ">")
    matrices: dict[str, Array] = {}
    texts: dict[str, tuple[str, ...]] = {}
    budget = _INFLATED
    for count, (kind, begin, end) in enumerate(_elements(reading, _HEAD, len(content))):
        inner, start, stop = reading, begin, end
        if kind == _PACKED:
            inner = _Reading(name, _inflated(name, content[begin:end], budget), reading.order)
            budget -= len(inner.content)
            kind, start, stop = next(_elements(inner, 0, len(inner.content)), (0, 0, 0))
        if kind != _MATRIX or count > _MOST_ELEMENTS:
            raise BrokenFile(name, f"Variable {count + 1} of the file is of no known type; save it again with -v7.")
        _variable(inner, start, stop, matrices, texts)
    return matrices, texts


def _elements(reading: _Reading, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Give type, begin and end of each element between two places."""
    while at < end:
        if end - at < 8:
            raise BrokenFile(reading.name, "The file ends within a variable; copy it again.")
        kind, size, begin = reading.whole(at), reading.whole(at + 4), at + 8
        if kind >> 16:  # a small one: length, type and up to four bytes in eight
            kind, size, begin = kind & 0xFFFF, kind >> 16, at + 4
        if kind not in (*_TYPES, *_TEXTS, _MATRIX, _PACKED, 18):
            raise BrokenFile(reading.name, "A variable has a type that does not exist; copy or save the file again.")
        if size > end - begin or (begin == at + 4 and size > 4):
            raise BrokenFile(reading.name, "The file ends within a variable; copy it again.")
        yield kind, begin, begin + size
        following = max(begin + size, at + 8)
        at = following if kind == _PACKED else at + -(-(following - at) // 8) * 8


def _inflated(name: str, packed: bytes, budget: int) -> bytes:
    """Unpack under a cap that is counted while unpacking."""
    unpacker, whole = zlib.decompressobj(), bytearray()
    most = min(budget, max(_FREE, _RATIO * len(packed)))
    try:
        while not unpacker.eof:
            block = unpacker.decompress(packed, _BLOCK)
            packed = unpacker.unconsumed_tail
            whole += block
            if len(whole) > most:
                raise LimitError(name, "The file would unpack to more than may be opened; save it without compression.")
            if not block and not packed:
                break
    except zlib.error as error:
        raise BrokenFile(name, "A packed variable is damaged; copy or save the file again.") from error
    if not unpacker.eof:
        raise BrokenFile(name, "The file ends within a packed variable; copy it again.")
    return bytes(whole)


def _variable(
    reading: _Reading, begin: int, end: int, matrices: dict[str, Array], texts: dict[str, tuple[str, ...]]
) -> None:
    """Add one variable to those that are kept."""
    name = reading.name
    parts = _elements(reading, begin, end)
    flags, _, _ = _part(reading, parts, 6)
    word = reading.whole(flags)
    kind = word & 0xFF
    if kind in _UNSAFE:
        raise UnsafeFile(name, "The file holds a function or an object; nothing was opened. Save plain matrices.")
    if kind not in (*_NUMERIC, _CHARACTERS, *_LEFT_OUT):
        raise BrokenFile(name, "A variable has a class that does not exist; copy or save the file again.")
    if kind in _LEFT_OUT or word >> 8 & (_COMPLEX | _LOGICAL):
        return
    start, stop, _ = _part(reading, parts, 5)
    shape = [reading.whole(at, 4, signed=True) for at in range(start, stop - 3, 4)]
    start, stop, _ = _part(reading, parts, 1)
    key = reading.content[start:stop].decode("latin-1")[:64]
    if len(shape) < 2 or min(shape) < 0:
        raise BrokenFile(name, "A matrix has an impossible shape; copy or save the file again.")
    start, stop, stored = _part(reading, parts, None)
    if kind == _CHARACTERS:
        lines = _lines(reading.content[start:stop], stored, reading.order, shape)
        if lines:
            texts[key] = lines
        return
    if stored not in _TYPES or math.prod(shape) * int(_TYPES[stored][1]) != stop - start:
        raise BrokenFile(name, "A matrix and its stored length disagree; copy or save the file again.")
    flat = np.frombuffer(reading.content, reading.order + _TYPES[stored], math.prod(shape), start)
    while len(shape) > 2 and shape[-1] == 1:
        shape.pop()
    matrices[key] = flat.reshape(shape, order="F")


def _part(reading: _Reading, parts: Iterator[tuple[int, int, int]], kind: int | None) -> tuple[int, int, int]:
    """Give begin, end and type of the next part of a variable, which must be of a type where one is given."""
    found = next(parts, None)
    if found is None or (kind is not None and found[0] != kind):
        raise BrokenFile(reading.name, "A variable lacks its shape, its name or its numbers; save the file again.")
    return found[1], found[2], found[0]


def _lines(stored: bytes, kind: int, order: str, shape: list[int]) -> tuple[str, ...]:
    if kind not in _TEXTS or len(stored) > _MOST_LETTERS or len(shape) != 2:
        return ()
    coding = _TEXTS[kind] + (("-le" if order == "<" else "-be") if _TEXTS[kind] == "utf-16" else "")
    letters = stored.decode(coding, "replace")
    rows = shape[0]
    return tuple(letters[row::rows].strip() for row in range(rows)) if len(letters) == math.prod(shape) else ()


def _v4_order(content: bytes) -> str | None:
    """Give the byte order of a file of version 4, which has no mark but a plausible first header."""
    for order, base in (("<", 0), (">", 1000)):
        reading = _Reading("", content[:84], order)
        form, rows, columns, imaginary, letters = (reading.whole(at) for at in range(0, 20, 4))
        stated = form - base
        title = content[20 : 20 + letters] if 1 < letters <= 64 else b""
        plausible = 0 <= stated < 60 and stated % 10 < 2 and imaginary < 2 and max(rows, columns) < 1 << 31
        named = title[-1:] == b"\0" and title[:-1].replace(b"_", b"").isalnum() and title[:1].isalpha()
        if plausible and named:
            return order
    return None


def _version_4(reading: _Reading) -> dict[str, Array]:
    matrices: dict[str, Array] = {}
    at, end = 0, len(reading.content)
    while at < end:
        form, rows, columns, imaginary, letters = (reading.whole(at + 4 * word) for word in range(5))
        stated = form % 1000
        if end - at < 20 or stated // 10 >= len(_V4) or stated % 10 > 2 or imaginary > 1 or not 1 < letters <= 64:
            raise BrokenFile(reading.name, "A matrix has an impossible header; copy or save the file again.")
        kind = _V4[stated // 10]
        begin = at + 20 + letters
        size = rows * columns * int(kind[1]) * (1 + imaginary)
        if begin + size > end:
            held = max(end - begin, 0)
            raise BrokenFile(reading.name, f"A matrix promises {size} bytes and the file holds {held}; copy it again.")
        key = reading.content[at + 20 : begin].rstrip(b"\0").decode("latin-1")
        if not stated % 10 and not imaginary:
            flat = np.frombuffer(reading.content, reading.order + kind, rows * columns, begin)
            matrices[key] = flat.reshape((rows, columns), order="F")
        at = begin + size
    return matrices
