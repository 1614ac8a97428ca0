"""Huffman codes of SCP-ECG (EN 1064, section 2): the standard's own table, tables in the file, and decoding."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, LimitError

_DEFAULT = 19999  # in place of a number of tables: the standard's own
_MOST_TABLES = 8
_WIDE = 32  # bits of the longest prefix
_MOST_EXTRA = 16  # bits after it: samples have no more
_CODE = Struct("<BBBhI")  # bits of the prefix, of the whole, kind, value, prefix with its first bit lowest
_SWITCH = 0  # the kind that stands for no sample and goes on with another table


@dataclass(frozen=True)
class Code:
    """One code: its prefix as a number whose highest bit comes first, and what it stands for."""

    prefix: int
    bits: int
    extra: int
    value: int
    switches: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """Codes in the order of their prefixes; each covers the range first..last of all words of 32 bits."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    bits: NDArray[np.int64]
    extra: NDArray[np.int64]
    value: NDArray[np.int64]
    jump: NDArray[np.int64]


def read_tables(name: str, body: bytes) -> tuple[Table, ...]:
    """Give the tables of section 2.

    Raises:
        LimitError: more tables than any record needs, or a code of no length, which would never end.
        BrokenFile: the section ends early, or its codes cannot be told apart.
    """
    count = int.from_bytes(body[:2], "little")
    if count == _DEFAULT:
        return (_table(name, 1, _standard_codes()),)
    if count > _MOST_TABLES:
        raise LimitError(name, f"The record holds {count} Huffman tables, at most {_MOST_TABLES} are read.")
    tables, at = [], 2
    for _ in range(count):
        codes = int.from_bytes(body[at : at + 2], "little")
        rows = body[at + 2 : at + 2 + codes * _CODE.size]
        if not codes or len(rows) < codes * _CODE.size:
            raise BrokenFile(name, "Section 2 ends within a Huffman table; copy the file again.")
        tables.append(_table(name, count, [_code(name, *row) for row in _CODE.iter_unpack(rows)]))
        at += 2 + len(rows)
    if not tables:
        raise BrokenFile(name, "Section 2 holds no Huffman table; export the record again.")
    return tuple(tables)


def _code(name: str, bits: int, whole: int, kind: int, value: int, reversed_prefix: int) -> Code:
    if not bits:
        raise LimitError(name, "A Huffman code of section 2 has no bits and would never end; export the record again.")
    if bits > _WIDE or not 0 <= whole - bits <= _MOST_EXTRA:
        raise BrokenFile(name, "A Huffman code of section 2 has an impossible length; export the record again.")
    prefix = int(f"{reversed_prefix & (1 << bits) - 1:0{bits}b}"[::-1], 2)
    return Code(prefix, bits, whole - bits, value, kind == _SWITCH)


def _standard_codes() -> list[Code]:
    """Give the codes of the standard's own table: 0, then ±1 to ±8, then a number of 8 or of 16 bits."""
    codes = [Code(0, 1, 0, 0), Code(0b1111111110, 10, 8, 0), Code(0b1111111111, 10, 16, 0)]
    for size in range(1, 9):
        ones = (1 << size) - 1
        codes += [Code(ones << 2, size + 2, 0, size), Code(ones << 2 | 1, size + 2, 0, -size)]
    return codes


def _table(name: str, tables: int, codes: list[Code]) -> Table:
    ordered = sorted(codes, key=lambda code: code.prefix << _WIDE - code.bits)
    first = [code.prefix << _WIDE - code.bits for code in ordered]
    last = [(code.prefix + 1 << _WIDE - code.bits) - 1 for code in ordered]
    if any(before >= start for before, (_, start) in zip(last, pairwise(first), strict=False)):
        raise BrokenFile(name, "Two Huffman codes of section 2 begin alike; export the record again.")
    if any(code.switches and not 1 <= code.value <= tables for code in ordered):
        raise BrokenFile(name, "A Huffman code of section 2 leads to no table; export the record again.")
    return Table(
        np.array(first, np.int64),
        np.array(last, np.int64),
        np.array([code.bits for code in ordered], np.int64),
        np.array([code.extra for code in ordered], np.int64),
        np.array([code.value for code in ordered], np.int64),
        np.array([code.value if code.switches else 0 for code in ordered], np.int64),
    )


def decode(data: bytes, count: int, tables: Sequence[Table]) -> NDArray[np.int64] | None:
    """Give the numbers that a stream of codes stands for, or None where it ends or goes wrong before.

    What a code would be is found for all places of the stream at once; only the walk from each to the next is slow.

    Args:
        data: the stream, at most 64 KiB.
        count: how many numbers.
        tables: the first is in force where the stream begins.
    """
    bits = 8 * len(data)
    if count > bits:
        return None
    words = _words(data)
    views = [_view(words, table, bits, at) for at, table in enumerate(tables)]
    onward = np.concatenate([view[0] for view in views]).tolist()
    gives = np.concatenate([view[1] for view in views]).tolist()
    places: list[int] = []
    at = 0
    while len(places) < count:
        after = onward[at]
        if after < 0:
            return None
        if gives[at]:
            places.append(at)
        at = after
    values: NDArray[np.int64] = np.concatenate([view[2] for view in views])[places]
    return values


def _words(data: bytes) -> NDArray[np.uint64]:
    """Give the 57 bits and more that begin at each bit of a stream, highest bit first, with zeros after its end."""
    padded = np.frombuffer(data + bytes(8), np.uint8)
    eights = np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(padded, 8)).view(">u8")  # (bytes + 1, 1)
    shifted = eights.astype(np.uint64) << np.arange(8, dtype=np.uint64)
    return shifted.reshape(-1)[: 8 * len(data) + 1]


def _view(
    words: NDArray[np.uint64], table: Table, bits: int, at: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Give for each place in a stream where the next code begins (-1: there is none), and the number at this place.

    Places count through the views of all tables, so that going on with another one is a step like any other.
    """
    prefix = (words >> np.uint64(64 - _WIDE)).astype(np.int64)
    code = np.maximum(np.searchsorted(table.first, prefix, side="right") - 1, 0)
    here = np.arange(bits + 1)
    after = here + table.bits[code] + table.extra[code]
    sound = (prefix >= table.first[code]) & (prefix <= table.last[code]) & (after <= bits)
    jump = table.jump[code]
    onward = np.where(sound, after + np.where(jump > 0, jump - 1, at) * (bits + 1), -1)
    return onward, jump == 0, table.value[code] + _signed(words, table.bits[code], table.extra[code])


def _signed(words: NDArray[np.uint64], bits: NDArray[np.int64], extra: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the number of `extra` bits, in two's complement, that follows the first `bits` of each word."""
    rest = (words << bits.astype(np.uint64)).view(np.int64)
    # the shift of a signed number keeps its sign; of no bits there is nothing, and 64 would be too far
    return np.where(extra > 0, rest >> np.minimum(64 - extra, 63), 0)
