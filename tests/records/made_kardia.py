"""Kardia recordings written by their published specification."""

import struct

import numpy as np


def block(what: bytes, data: bytes, signed: bool = False) -> bytes:
    """Give a block with its checksum; `signed` as some of the maker's writers add its bytes."""
    whole = what + len(data).to_bytes(4, "little") + data
    total = sum(whole) - (256 * sum(byte > 127 for byte in whole) if signed else 0)
    return whole + (total & 0xFFFFFFFF).to_bytes(4, "little")


def form(kind: int = 1, rate: int = 300, nanovolts: int = 500) -> bytes:
    return block(b"fmt ", struct.pack("<BHHBH", kind, rate, nanovolts, 14, 0))


def recording(*blocks: bytes, version: int = 4) -> bytes:
    info = block(b"info", b"2020-06-01T12:00:00.000+02:00".ljust(264, b"\0"))
    return b"ALIVE\0\0\0" + version.to_bytes(4, "little") + info + b"".join(blocks)


def lead(what: bytes, row: np.ndarray, signed: bool = False) -> bytes:
    return block(what, row.astype("<i2").tobytes(), signed)


def summed(content: bytes) -> bytes:
    """Give a recording with the checksums that its blocks should have, as far as these go on."""
    whole, at = bytearray(content), 12
    while at + 8 <= len(whole):
        stop = at + 8 + int.from_bytes(whole[at + 4 : at + 8], "little")
        if stop + 4 <= len(whole):
            whole[stop : stop + 4] = (sum(whole[at:stop]) & 0xFFFFFFFF).to_bytes(4, "little")
        at = stop + 4
    return bytes(whole)
