"""The cells of a text table as columns of numbers: every row as long as the others, every cell a number or blank."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, LimitError, UnknownFormat

from .assemble import MOST_SAMPLES
from .columns import Column, is_lead, may_be_signal, named_unit
from .text_lines import MOST_ROWS_OF_LEADS, WIDEST, Layout
from .time_axis import of_day

_MISSING = (b"", b"nan", b"na", b"n/a", b"null", b"none")
_PLAIN = b"0123456789+-.eE,;|\t \n"
_BLOCK = 4 << 20  # bytes that are split into cells at a time
_QUOTED = re.compile(rb"\"([^\"\n]*)\"")


@dataclass(frozen=True)
class _Place:
    """Where a table's numbers begin: for sentences."""

    file: str
    line: int


def columns_of(file: str, text: bytes, layout: Layout) -> tuple[list[Column], list[str]]:
    """Give the columns of a table, or its rows where it has one lead a line.

    Args:
        file: its name, for sentences.
        text: all of it, with line feeds between its lines.
        layout: of the text.

    Returns:
        The columns, and the names of those that hold text and were left out.

    Raises:
        RecordError: a row is longer or shorter than the others, or a cell that should be a number is none.
    """
    start = 0
    for _ in range(layout.begin):
        start = text.index(b"\n", start) + 1
    place = _Place(file, layout.begin + 1)
    delimiter = layout.delimiter.encode()
    body = _tidy(text[start:], delimiter)
    rows = _checked_rows(place, body, delimiter, layout.width)
    if layout.width > WIDEST:
        return _lines_as_columns(place, body.replace(b"\n", delimiter).split(delimiter), layout), []
    return _parsed(place, body, rows, layout)


def _parsed(place: _Place, body: bytes, rows: int, layout: Layout) -> tuple[list[Column], list[str]]:
    """Give the columns, parsed a block of rows at a time: cells take ten times the memory of their letters."""
    names, units = layout.names or ("",) * layout.width, layout.units or ("",) * layout.width
    numbers = {at: np.empty(rows) for at, kind in enumerate(layout.kinds) if kind == "N"}
    times: dict[int, list[str]] = {at: [] for at, kind in enumerate(layout.kinds) if kind == "D"}
    _check_texts(place, layout, names)
    stream, delimiter = io.BytesIO(body), layout.delimiter.encode()
    begin = 0
    while lines := stream.readlines(_BLOCK):
        cells = b"".join(lines).removesuffix(b"\n").replace(b"\n", delimiter).split(delimiter)
        end = begin + len(lines)
        for at in list(numbers):
            try:
                numbers[at][begin:end] = _numbers(place, cells[at :: layout.width], layout.delimiter, begin)
            except BrokenFile:
                if not names[at] or _is_signal(names[at]):
                    raise
                del numbers[at]  # a column of remarks, the first of which is blank
        for at, texts in times.items():
            texts += [cell.decode("latin-1") for cell in cells[at :: layout.width]]
        begin = end
    columns = []
    for at in range(layout.width):
        if at in times:
            columns.append(Column(names[at], _times(place, times[at]), of_day=True))
        elif at in numbers and (names[at] or layout.width == 1 or not np.isnan(numbers[at]).all()):
            columns.append(Column(names[at], numbers[at], units[at] or None))
    return columns, [names[at] for at in range(layout.width) if at not in times and at not in numbers]


def _is_signal(name: str) -> bool:
    return is_lead(named_unit(name)[0]) or may_be_signal(Column(name, np.empty(0)))


def _check_texts(place: _Place, layout: Layout, names: Sequence[str]) -> None:
    for name, kind in zip(names, layout.kinds, strict=True):
        if kind == "T" and is_lead(named_unit(name)[0]):
            raise BrokenFile(place.file, f"Lead {name[:60]} holds text where numbers belong; export the file again.")


def _times(place: _Place, texts: list[str]) -> NDArray[np.float64]:
    times = of_day(texts)
    if times is None:
        raise BrokenFile(place.file, "A time in the time column cannot be read; export the file again.")
    return times


def _tidy(body: bytes, delimiter: bytes) -> bytes:
    if b'"' in body:
        # a comma in quotes is a decimal one, or part of a text that is not read
        body = _QUOTED.sub(lambda found: found[1].replace(delimiter, b"." if delimiter == b"," else b" "), body)
    if b"'" in body:
        body = body.replace(b"'", b"")
    if delimiter == b" ":
        body = re.sub(rb"[ \t]+", b" ", body)
        body = re.sub(rb"(?m)^ | $", b"", body)
    return body


def _checked_rows(place: _Place, body: bytes, delimiter: bytes, width: int) -> int:
    """Give the number of rows, having counted before anything is made: their cells, and all cells together."""
    rows = body.count(b"\n") + 1
    if width > WIDEST and rows > MOST_ROWS_OF_LEADS:
        raise LimitError(place.file, f"The table has {width} columns; at most {WIDEST} are read.")
    if rows * width > MOST_SAMPLES:
        raise LimitError(place.file, "The table is longer than may be opened at once; cut it.")
    if delimiter == b"\n":
        return rows
    letters = np.frombuffer(body + b"\n", np.uint8)
    starts = np.concatenate([[0], np.flatnonzero(letters == 10)[:-1] + 1])
    wide = np.add.reduceat(letters == delimiter[0], starts, dtype=np.int64) + 1
    if (wide != width).any():
        at = int(np.argmax(wide != width))
        told = f"Line {place.line + at} has {int(wide[at])} cells, the others {width}; export it again."
        raise BrokenFile(place.file, told)
    return rows


def _numbers(place: _Place, cells: list[bytes], delimiter: str, begin: int) -> NDArray[np.float64]:
    """Give cells as numbers; begin is the row of the first one, for the sentence."""
    joined = b"\n".join(cells)
    if delimiter != "," and b"," in joined:
        if b"." in joined:
            raise UnknownFormat(place.file, "Numbers have both commas and points in them; export with points only.")
        cells = joined.replace(b",", b".").split(b"\n")
    try:
        plain = not joined.translate(None, _PLAIN)
        return np.fromiter(map(float if plain else _number, cells), float, len(cells))
    except ValueError:
        return np.array(_numbers_with_blanks(place, cells, begin))


def _numbers_with_blanks(place: _Place, cells: list[bytes], start: int) -> list[float]:
    values = []
    for row, cell in enumerate(cells):
        try:
            values.append(_number(cell))
        except ValueError as error:
            at = place.line + start + row
            raise BrokenFile(place.file, f"Line {at} holds a cell that is no number; export the file again.") from error
    return values


def _number(cell: bytes) -> float:
    cell = cell.strip()
    if cell.lower() in _MISSING:
        return np.nan
    if b"_" in cell:
        raise ValueError("Python would take 1_0 for ten")
    return float(cell)


def _lines_as_columns(place: _Place, cells: list[bytes], layout: Layout) -> list[Column]:
    """Give the leads of a file that has one a line, named by their first cell or not at all."""
    named = layout.kinds[0] == "T"
    columns = []
    for start in range(0, len(cells), layout.width):
        row = cells[start + named : start + layout.width]
        name = cells[start].decode("utf-8", "replace").strip() if named else ""
        try:
            columns.append(Column(name, _numbers(place, row, layout.delimiter, 0)))
        except BrokenFile as error:
            told = f"Line {place.line + len(columns)} holds a cell that is no number; export the file again."
            raise BrokenFile(place.file, told) from error
    return columns
