"""The cells of a text table as columns of numbers: every row as long as the others, every cell a number or blank."""

import re
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
_BLOCK = 1 << 20  # cells that are numbers and text at the same time
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
    _check_shape(place, body, delimiter, layout.width)
    cells = body.replace(b"\n", delimiter).split(delimiter)
    if layout.width > WIDEST:
        return _rows(place, cells, layout), []
    named = layout.names or ("",) * layout.width
    units = layout.units or ("",) * layout.width
    columns, outside = [], []
    for at, kind in enumerate(layout.kinds):
        column = _column(place, cells[at :: layout.width], kind, named[at], units[at], layout)
        if column is None:
            outside.append(named[at])
        elif named[at] or kind == "D" or not np.isnan(column.values).all() or layout.width == 1:
            columns.append(column)
    return columns, outside


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


def _check_shape(place: _Place, body: bytes, delimiter: bytes, width: int) -> None:
    """Count before anything is made: the cells of each row, the rows, and all cells together."""
    letters = np.frombuffer(body + b"\n", np.uint8)
    ends = np.flatnonzero(letters == 10)
    rows = len(ends)
    if width > WIDEST and rows > MOST_ROWS_OF_LEADS:
        raise LimitError(place.file, f"The table has {width} columns; at most {WIDEST} are read.")
    if rows * width > MOST_SAMPLES:
        raise LimitError(place.file, "The table is longer than may be opened at once; cut it.")
    if delimiter == b"\n":
        return
    marks = np.flatnonzero(letters == delimiter[0])
    wide = np.diff(np.searchsorted(marks, ends), prepend=0) + 1
    odd = wide != width
    if odd.any():
        at = int(np.argmax(odd))
        raise BrokenFile(
            place.file, f"Line {place.line + at} has {int(wide[at])} cells, the others {width}; export it again."
        )


def _column(place: _Place, cells: list[bytes], kind: str, name: str, unit: str, layout: Layout) -> Column | None:
    """Give one column; none for text in a column that no one would take for a lead."""
    if kind == "D":
        times = of_day([cell.decode("latin-1") for cell in cells])
        if times is None:
            raise BrokenFile(place.file, "A time in the time column cannot be read; export the file again.")
        return Column(name, times, of_day=True)
    if kind == "N":
        try:
            return Column(name, _numbers(place, cells, layout.delimiter), unit or None)
        except BrokenFile:
            if not name or is_lead(named_unit(name)[0]) or may_be_signal(Column(name, np.empty(0))):
                raise
    elif is_lead(named_unit(name)[0]):
        raise BrokenFile(place.file, f"Lead {name[:60]} holds text where numbers belong; export the file again.")
    return None


def _numbers(place: _Place, cells: list[bytes], delimiter: str) -> NDArray[np.float64]:
    values = np.empty(len(cells))
    for start in range(0, len(cells), _BLOCK):
        block = cells[start : start + _BLOCK]
        joined = b"\n".join(block)
        if delimiter != "," and b"," in joined:
            if b"." in joined:
                raise UnknownFormat(place.file, "Numbers have both commas and points in them; export with points only.")
            block = joined.replace(b",", b".").split(b"\n")
        try:
            plain = not joined.translate(None, _PLAIN)
            values[start : start + len(block)] = np.fromiter(map(float if plain else _number, block), float, len(block))
        except ValueError:
            values[start : start + len(block)] = _numbers_with_blanks(place, block, start)
    return values


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


def _rows(place: _Place, cells: list[bytes], layout: Layout) -> list[Column]:
    """Give the leads of a file that has one a line, named by their first cell or not at all."""
    named = layout.kinds[0] == "T"
    columns = []
    for start in range(0, len(cells), layout.width):
        row = cells[start + named : start + layout.width]
        line = _Place(place.file, place.line + start // layout.width - len(columns))
        name = cells[start].decode("utf-8", "replace").strip() if named else ""
        columns.append(Column(name, _numbers_in(line, row, layout.delimiter)))
    return columns


def _numbers_in(place: _Place, cells: list[bytes], delimiter: str) -> NDArray[np.float64]:
    try:
        return _numbers(place, cells, delimiter)
    except BrokenFile as error:
        raise BrokenFile(
            place.file, f"Line {place.line} holds a cell that is no number; export the file again."
        ) from error
