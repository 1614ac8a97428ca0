"""The rhythm of an SCP-ECG record (EN 1064, sections 2 to 6): from coded leads to amplitudes on one time line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, EmptyFile, LimitError, UnknownFormat

from .assemble import MOST_LEADS, MOST_SAMPLES
from .scp_beats import Beats, add_beats, expanded, read_beats, stored_samples
from .scp_huffman import Table, decode, read_tables
from .scp_sections import Sections

_LINE = Struct("<IIB")  # first and last sample, counted from 1, and the lead's code
_BLOCK = Struct("<HHBB")  # nV a count, µs a sample, order of differences, whether samples between beats are left out
_FIELD = 65535  # the largest length that a lead's field can say
_NO_BIMODAL = 30  # from this protocol on the byte means nothing

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class LeadLine:
    """A lead as section 3 defines it."""

    start: int
    end: int
    code: int

    @property
    def samples(self) -> int:
        """How many samples it is said to have."""
        return self.end - self.start + 1


@dataclass(frozen=True, eq=False)
class Rhythm:
    """Leads on one time line.

    values: (leads, samples), in multiples of `nanovolts`; NaN where a lead was not recorded.
    nanovolts: of one count; 0 where the record does not say.
    interval: µs between samples.
    held: samples of each lead that the record really holds.
    thinned: of how many samples between beats one was kept; 1 where all were.
    """

    lines: tuple[LeadLine, ...]
    values: NDArray[np.float64]
    nanovolts: int
    interval: int
    held: tuple[int, ...]
    thinned: int


@dataclass(frozen=True)
class _Block:
    """Section 5 or 6: coded samples, lead by lead."""

    number: int
    nanovolts: int
    interval: int
    order: int
    bimodal: bool
    parts: tuple[bytes, ...]


def read_rhythm(name: str, sections: Sections) -> Rhythm:
    """Give the rhythm of a record.

    Raises:
        RecordError: the record holds no rhythm, is damaged, or is larger than may be read.
    """
    bodies = sections.bodies
    if 6 not in bodies or 3 not in bodies:
        raise _without_rhythm(name, bodies)
    lines, subtracted = _read_lines(name, bodies[3])
    tables = read_tables(name, bodies[2]) if 2 in bodies else ()
    promised = [0 if tables else 2 * line.samples for line in lines]
    block = _read_block(name, 6, bodies[6], promised)
    block = replace(block, bimodal=block.bimodal and sections.protocol < _NO_BIMODAL)
    if not subtracted and not block.bimodal:
        rows = [_coded(name, block, at, line.samples, tables) for at, line in enumerate(lines)]
        return _on_one_line(name, lines, rows, block.nanovolts, block.interval, 1)
    if 4 not in bodies or 5 not in bodies:
        raise BrokenFile(name, "Section 6 leaves beats out, and the record holds no reference beat; export it again.")
    beats = read_beats(name, bodies[4], max(line.end for line in lines))
    reference = _read_block(name, 5, bodies[5], [0] * len(lines))
    rows, thinned = _expanded_rows(name, lines, block, reference, beats, tables)
    if not subtracted:
        return _on_one_line(name, lines, rows, block.nanovolts, reference.interval, thinned)
    length = round(beats.milliseconds * 1000 / reference.interval)
    shapes = [_whole(name, reference, at, length, tables) for at in range(len(lines))]
    if not block.nanovolts or not reference.nanovolts:
        raise BrokenFile(name, "The record subtracts beats and gives no amplitude for them; export it again.")
    unit = math.gcd(block.nanovolts, reference.nanovolts)
    added = [
        add_beats(row * (block.nanovolts // unit), shape * (reference.nanovolts // unit), beats, line.start)
        for row, shape, line in zip(rows, shapes, lines, strict=True)
    ]
    return _on_one_line(name, lines, added, unit, reference.interval, thinned)


def _without_rhythm(name: str, bodies: dict[int, bytes]) -> Exception:
    if 3 not in bodies and 6 in bodies:
        return BrokenFile(name, "The SCP record does not define its leads (section 3); export it again.")
    return EmptyFile(name, "The SCP record holds no rhythm (section 6); export it with the whole recording.")


def _read_lines(name: str, body: bytes) -> tuple[tuple[LeadLine, ...], bool]:
    """Give the leads, and whether a reference beat was subtracted from them."""
    count = body[0] if body else 0
    if not count:
        raise EmptyFile(name, "The SCP record defines no lead; export it with the recording.")
    if count > MOST_LEADS:
        raise LimitError(name, f"The file holds {count} channels; at most {MOST_LEADS} are read.")
    if len(body) < 2 + count * _LINE.size:
        raise BrokenFile(name, f"Section 3 promises {count} leads and ends before; copy the file again.")
    lines = tuple(LeadLine(*row) for row in _LINE.iter_unpack(body[2 : 2 + count * _LINE.size]))
    for at, line in enumerate(lines):
        if not 1 <= line.start <= line.end:
            raise BrokenFile(name, f"Lead {at + 1} runs from sample {line.start} to {line.end}; export it again.")
    if sum(line.samples for line in lines) > MOST_SAMPLES:
        raise LimitError(name, "The record is longer than may be opened at once; cut it into shorter ones.")
    return lines, bool(body[1] & 1)


def _read_block(name: str, number: int, body: bytes, promised: list[int]) -> _Block:
    """Give a section's coded samples; `promised` are the bytes of each lead, 0 where they are not known beforehand."""
    head = _BLOCK.size + 2 * len(promised)
    if len(body) < head:
        raise BrokenFile(name, f"Section {number} ends within its head; copy the file again.")
    nanovolts, interval, order, bimodal = _BLOCK.unpack_from(body)
    if not interval or order > 2:
        raise BrokenFile(name, f"Section {number} gives an impossible rate or form; export the record again.")
    rest = body[head:]
    sizes = [int.from_bytes(body[at : at + 2], "little") for at in range(_BLOCK.size, head, 2)]
    # longer leads than a length field can say: believe the section, where it holds exactly what section 3 defines
    if max(promised) > _FIELD and 0 <= len(rest) - sum(promised) <= 1:
        sizes = promised
    if sum(sizes) > len(rest):
        raise BrokenFile(name, f"The leads of section {number} need more bytes than it holds; copy the file again.")
    parts, at = [], 0
    for size in sizes:
        parts.append(rest[at : at + size])
        at += size
    return _Block(number, nanovolts, interval, order, bimodal == 1, tuple(parts))


def _coded(name: str, block: _Block, at: int, count: int, tables: Sequence[Table]) -> Counts:
    """Give the counts of a lead, fewer than promised where uncompressed ones end before."""
    part = block.parts[at]
    if tables:
        decoded = decode(part, count, tables)
        if decoded is None:
            told = f"Channel {at + 1} of section {block.number}: its compressed samples make no sense; copy it again."
            raise BrokenFile(name, told)
        return _summed(decoded, block.order)
    held = min(count, len(part) // 2)
    return _summed(np.frombuffer(part, "<i2", held).astype(np.int64), block.order)


def _whole(name: str, block: _Block, at: int, count: int, tables: Sequence[Table]) -> Counts:
    row = _coded(name, block, at, count, tables)
    if len(row) < count:
        told = f"Channel {at + 1} of section {block.number} ends early; copy the file again."
        raise BrokenFile(name, told)
    return row


def _summed(values: Counts, order: int) -> Counts:
    """Give amplitudes from differences of an order; in 16 bits, round the end and back, as they were taken."""
    if order == 1:
        values = np.cumsum(values)
    elif order == 2 and len(values) > 2:
        # the first two are amplitudes: x[n] = d[n] + 2 x[n-1] - x[n-2]
        slopes = np.cumsum(np.concatenate([[values[1] - values[0]], values[2:]]))
        values = values[0] + np.concatenate([[0], np.cumsum(slopes)])
    return values.astype(np.int16).astype(np.int64)


def _expanded_rows(
    name: str, lines: Sequence[LeadLine], block: _Block, reference: _Block, beats: Beats, tables: Sequence[Table]
) -> tuple[list[Counts], int]:
    """Give each lead at the rate of the reference beat, and of how many samples between beats one was kept."""
    factor, rest = divmod(block.interval, reference.interval)
    if rest or not 1 <= factor <= 4 or (factor > 1 and not block.bimodal):
        raise UnknownFormat(name, "The rates of sections 5 and 6 do not fit together; export the record again.")
    if not block.bimodal:
        factor = 1
    rows = []
    for at, line in enumerate(lines):
        if line.samples > factor * 8 * len(block.parts[at]):  # each sample costs a bit at least
            raise BrokenFile(name, f"Channel {at + 1} promises more samples than it can hold; copy the file again.")
        kept = beats.kept(line.start, line.end)
        row = _whole(name, block, at, stored_samples(kept, factor), tables)
        rows.append(expanded(row, kept, factor))
    return rows, factor


def _on_one_line(
    name: str, lines: tuple[LeadLine, ...], rows: Sequence[Counts], nanovolts: int, interval: int, thinned: int
) -> Rhythm:
    first = min(line.start for line in lines)
    held = tuple(len(row) for row in rows)
    total = max(line.start + samples for line, samples in zip(lines, held, strict=True)) - first
    if total > sum(held) or total * len(lines) > MOST_SAMPLES:
        raise BrokenFile(name, "The leads lie further apart than they are long; export the record again.")
    values = np.full((len(lines), total), math.nan)
    for at, (line, row) in enumerate(zip(lines, rows, strict=True)):
        values[at, line.start - first : line.start - first + len(row)] = row
    return Rhythm(lines, values, nanovolts, interval, held, thinned)
