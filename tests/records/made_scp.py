"""SCP-ECG records written by the standard's words, in every form that their samples may have."""

import binascii
import struct
from collections.abc import Mapping, Sequence

import numpy as np

# section 2 of a record whose first table has codes for 0, ±1 and 16 bits, and goes on with a second one for 8 bits
TWO_TABLES = [
    [(1, 1, 1, 0, 0b0), (3, 3, 1, 1, 0b100), (3, 3, 1, -1, 0b101), (3, 3, 0, 2, 0b110), (3, 19, 1, 0, 0b111)],
    [(1, 9, 1, 0, 0b0), (1, 1, 0, 1, 0b1)],
]


def section(number: int, body: bytes, protocol: int = 20) -> bytes:
    rest = struct.pack("<HIBB6s", number, len(body) + 16, protocol, protocol, b"\0" * 6) + body
    return binascii.crc_hqx(rest, 0xFFFF).to_bytes(2, "little") + rest


def record(bodies: Mapping[int, bytes], protocol: int = 20) -> bytes:
    """Give a record of these sections' data."""
    place, pointers, sections = 6 + 136 + 1, struct.pack("<HII", 0, 136, 7), b""
    for number in range(1, 12):
        whole = section(number, bodies[number], protocol) if number in bodies else b""
        pointers += struct.pack("<HII", number, len(whole), place if whole else 0)
        sections += whole
        place += len(whole)
    zero = struct.pack("<HIBB6s", 0, 136, protocol, protocol, b"SCPECG") + pointers
    zero = binascii.crc_hqx(zero, 0xFFFF).to_bytes(2, "little") + zero
    return sealed(b"\0\0" + (6 + len(zero) + len(sections)).to_bytes(4, "little") + zero + sections)


def sealed(content: bytes) -> bytes:
    """Give a record with the checksums that its bytes should have, wherever its pointers are sound."""
    whole = bytearray(content)
    for at in range(22, min(142, len(whole) - 9), 10):
        _, length, place = struct.unpack_from("<HII", whole, at)
        start, stop = place - 1, place - 1 + length
        if length >= 16 and start >= 6 and stop <= len(whole):
            whole[start : start + 2] = binascii.crc_hqx(whole[start + 2 : stop], 0xFFFF).to_bytes(2, "little")
    size = int.from_bytes(whole[2:6], "little")
    whole[:2] = binascii.crc_hqx(whole[2:size], 0xFFFF).to_bytes(2, "little")
    return bytes(whole)


def leads(lines: Sequence[tuple[int, int, int]], subtracted: bool = False) -> bytes:
    """Give section 3: (first sample, last, code) of each lead."""
    return bytes([len(lines), 4 | subtracted]) + b"".join(struct.pack("<IIB", *line) for line in lines)


def block(parts: Sequence[bytes], nanovolts: int = 5000, interval: int = 2000, order: int = 0, both: int = 0) -> bytes:
    """Give section 5 or 6, `both` for two rates in one; a length that its field cannot hold goes round its end."""
    sizes = b"".join((len(part) & 0xFFFF).to_bytes(2, "little") for part in parts)
    return struct.pack("<HHBB", nanovolts, interval, order, both) + sizes + b"".join(parts)


def beats(
    milliseconds: int, fiducial: int, found: Sequence[tuple[int, int, int, int]], zones: Sequence[tuple[int, int]]
) -> bytes:
    """Give section 4: (type, first, fiducial, last) of each beat, and its protected zone."""
    head = struct.pack("<HHH", milliseconds, fiducial, len(found))
    told = b"".join(struct.pack("<HIII", *beat) for beat in found)
    return head + told + b"".join(struct.pack("<II", *zone) for zone in zones)


def differences(row: np.ndarray, order: int) -> np.ndarray:
    """Give differences of an order as 16-bit numbers, the first ones being amplitudes."""
    taken = row.astype(np.int64)
    if order == 1:
        taken[1:] = np.diff(row.astype(np.int64))
    if order == 2:
        taken[2:] = np.diff(row.astype(np.int64), 2)
    return taken.astype(np.int16).astype(np.int64)


def plain(row: np.ndarray, order: int = 0) -> bytes:
    return bytes(differences(row, order).astype("<i2").tobytes())


def coded(row: np.ndarray, order: int = 0) -> bytes:
    """Give a lead in the codes of the standard's own table."""
    return _bytes("".join(_standard(int(value)) for value in differences(row, order)))


def _standard(value: int) -> str:
    if value == 0:
        return "0"
    if abs(value) <= 8:
        return "1" * abs(value) + "0" + ("1" if value < 0 else "0")
    return f"1111111110{value & 0xFF:08b}" if -128 <= value < 128 else f"1111111111{value & 0xFFFF:016b}"


def coded_by_two_tables(row: np.ndarray, order: int = 0) -> bytes:
    """Give a lead in the codes of TWO_TABLES, changing between them wherever a number fits into 8 bits."""
    bits, second = [], False
    for value in differences(row, order).tolist():
        if abs(value) > 1 and -128 <= value < 128:
            bits.append(("" if second else "110") + f"0{value & 0xFF:08b}")
            second = True
        else:
            short = {0: "0", 1: "100", -1: "101"}.get(value, f"111{value & 0xFFFF:016b}")
            bits.append(("1" if second else "") + short)
            second = False
    return _bytes("".join(bits))


def tables(given: Sequence[Sequence[tuple[int, int, int, int, int]]]) -> bytes:
    """Give section 2: (bits of the prefix, of the whole, kind, value, prefix) of each code of each table."""
    told = len(given).to_bytes(2, "little")
    for codes in given:
        told += len(codes).to_bytes(2, "little")
        for bits, whole, kind, value, prefix in codes:
            backwards = int(f"{prefix:0{bits}b}"[::-1], 2) & 0xFFFFFFFF if bits else 0
            told += struct.pack("<BBBhI", bits, whole, kind, value, backwards)
    return told


def _bytes(bits: str) -> bytes:
    padded = bits + "0" * (-len(bits) % 8)
    return int("1" + padded, 2).to_bytes(len(padded) // 8 + 1, "big")[1:] if padded else b""
