"""NumPy's array format, read by its bytes: the header checked against the file before anything is made of it."""

import math
import re

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, UnknownFormat, UnsafeFile

MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 10_000
_NUMBERS = ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
_MOST_LETTERS = 1 << 12  # bytes of an array of texts: names of leads, a unit
_DTYPE = re.compile(r"'descr'\s*:\s*'([<>=|]?)([a-zA-Z])(\d{0,9})(?:\[\w+\])?'")
_ORDER = re.compile(r"'fortran_order'\s*:\s*(True|False)")
_SHAPE = re.compile(r"'shape'\s*:\s*\(([0-9, ]{0,200})\)")


def read_npy(name: str, content: bytes) -> NDArray[np.generic]:
    """Give the array in a .npy file: numbers of up to eight bytes, or a few short texts.

    Args:
        name: of the file, for sentences.
        content: of the file.

    Raises:
        RecordError: the array holds Python objects or no real numbers, or the header and the file disagree.
    """
    header, begin = _header(name, content)
    found = _DTYPE.search(header), _ORDER.search(header), _SHAPE.search(header)
    if "'descr': [" in header or (found[0] is None and "[(" in header):
        raise UnknownFormat(name, "The array has named fields; save plain numbers, as leads by samples.")
    if found[0] is None or found[1] is None or found[2] is None:
        raise BrokenFile(name, "The array's header cannot be read; save the file again.")
    order, letter, width = found[0].groups()
    if letter == "O":
        raise UnsafeFile(name, "The array holds Python objects, which are never loaded; save plain numbers.")
    kind = f"{letter}{width}"
    if kind not in _NUMBERS and letter not in "US":
        raise UnknownFormat(name, "The array holds no real numbers; save samples as integers or floats.")
    shape = tuple(int(length) for length in found[2][1].replace(" ", "").split(",") if length)
    letters = 4 if letter == "U" else 1
    size = math.prod(shape) * int(width or 0) * letters
    if size != len(content) - begin:
        raise BrokenFile(name, f"The array's header promises {size} bytes, the file holds {len(content) - begin}.")
    if letter in "US" and size > _MOST_LETTERS:
        raise UnknownFormat(name, "The array holds text and no numbers; save samples as numbers.")
    if not size:
        return np.empty(0)
    flat = np.frombuffer(content, np.dtype(f"{order}{kind}"), offset=begin)
    return flat.reshape(shape, order="F" if found[1][1] == "True" else "C")


def _header(name: str, content: bytes) -> tuple[str, int]:
    """Give the header's text, and where the numbers begin."""
    version = content[6:8]
    bytes_of_length = {b"\1\0": 2, b"\2\0": 4, b"\3\0": 4}.get(version)
    if bytes_of_length is None:
        raise BrokenFile(name, "The array's version is not known; save the file again.")
    length = int.from_bytes(content[8 : 8 + bytes_of_length], "little")
    if length > _LONGEST_HEADER:
        raise UnsafeFile(name, "The array's header is longer than 10 kB; nothing was read.")
    begin = 8 + bytes_of_length + length
    if begin > len(content):
        raise BrokenFile(name, "The file ends within its header; copy it again.")
    return content[8 + bytes_of_length : begin].decode("latin-1"), begin
