"""Philips' XLI compression: LZW of ten-bit codes around second differences, one block a lead.

The layout is what sierra-ecg-tools (C. A. Watford) found out and documents in its wiki; the code is our own.
"""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile

_BITS, _END = 10, 1023  # the highest code ends a block
_HEADER = 8
_SHIFT = 64
_MOST_BLOCKS = 32

Counts = NDArray[np.int16]


def decode(file: str, content: bytes, leads: int, samples: int) -> list[Counts]:
    """Give each lead's numbers as they lie in a block; limb leads among them are still differences.

    Args:
        file: the file's name, for sentences.
        content: the blocks.
        leads: how many there must be.
        samples: how many each must have; nothing longer is ever built.

    Raises:
        BrokenFile: the blocks are damaged, or hold anything but so many leads and samples.
    """
    blocks = _blocks(file, content)
    if len(blocks) < leads:
        raise BrokenFile(file, f"The file holds {len(blocks)} of {leads} compressed leads; export the record again.")
    found = []
    for place, (start, block) in enumerate(blocks[:leads], 1):
        plain = _unpacked(block, 2 * samples)
        if plain is None or len(plain) != 2 * samples:
            told = f"Compressed lead {place} is damaged or does not have {samples} samples; export the record again."
            raise BrokenFile(file, told)
        found.append(_summed(plain, start))
    return found


def restore_limb_leads(rows: dict[str, Counts]) -> dict[str, Counts]:
    """Give the leads with III, aVR, aVL and aVF whole, which are stored as differences from what I and II foretell.

    Args:
        rows: counts by lead; with I and II.
    """
    one, two = rows["I"].astype(np.int64), rows["II"].astype(np.int64)
    three = _wrapped(two - one - rows["III"]) if "III" in rows else _wrapped(two - one)
    third = three.astype(np.int64)
    foretold = {"aVR": -((one + two) // 2), "aVL": (one - third) // 2, "aVF": (two + third) // 2}
    whole = {lead: _wrapped(row - rows[lead]) for lead, row in foretold.items() if lead in rows}
    return rows | ({"III": three} if "III" in rows else {}) | whole


def _blocks(file: str, content: bytes) -> list[tuple[int, bytes]]:
    """Give the start value and the bytes of each block; machines of 16 channels store four idle ones behind twelve."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "little")
        if len(found) == _MOST_BLOCKS or at + _HEADER + size > len(content):
            raise BrokenFile(file, "The blocks of compressed samples overrun their bytes; export the record again.")
        start = int.from_bytes(content[at + 6 : at + _HEADER], "little", signed=True)
        found.append((start, content[at + _HEADER : at + _HEADER + size]))
        at += _HEADER + size
    return found


def _wrapped(numbers: NDArray[np.int64]) -> Counts:
    """Give numbers modulo 2^16, as the sixteen-bit machines count that wrote them."""
    return ((numbers + 0x8000) % 0x10000 - 0x8000).astype(np.int16)


def _unpacked(block: bytes, most: int) -> bytes | None:
    """Give the bytes of an LZW block, or None where it is damaged or gives more than so many."""
    words = [bytes((value,)) for value in range(256)]
    out = bytearray()
    before = b""
    for code in _codes(block):
        if code == _END:
            break
        if code < len(words):
            word = words[code]
        elif code == len(words) and before:
            word = before + before[:1]
        else:
            return None
        if before and len(words) < _END:
            words.append(before + word[:1])
        out += word
        before = word
        if len(out) > most:
            return None
    return bytes(out)


def _codes(block: bytes) -> list[int]:
    bits = np.unpackbits(np.frombuffer(block, np.uint8))
    whole = bits[: len(bits) // _BITS * _BITS].reshape(-1, _BITS)
    codes: list[int] = (whole @ (1 << np.arange(_BITS - 1, -1, -1))).tolist()
    return codes


def _summed(block: bytes, start: int) -> Counts:
    """Give the samples of second differences, high bytes before low bytes; the first two are samples themselves."""
    half = len(block) // 2
    high, low = np.frombuffer(block, np.uint8, half), np.frombuffer(block, np.uint8, half, half)
    told = (high.astype(np.uint16) << 8 | low).view(np.int16).astype(np.int64)
    if half < 3:
        return told.astype(np.int16)
    off = np.concatenate([[start], told[2:-1] - _SHIFT])  # what the straight line from the last two samples misses
    slopes = told[1] - told[0] - np.cumsum(off)
    return _wrapped(np.concatenate([told[:2], told[1] + np.cumsum(slopes)]))
