"""A text file as a table: its delimiter, its decimal mark, where its numbers begin, and what stands above them."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ecgssl_core.errors import BrokenFile, EmptyFile, UnknownFormat

from .columns import is_lead, named_unit
from .notes import NOTHING, told_by
from .time_axis import is_time, seconds_a_unit
from .units import millivolts

WIDEST = 64  # columns of a table
MOST_ROWS_OF_LEADS = 40  # lines of a file that has one lead a line
_TRIED = 16  # lines at the end of these that delimiters are tried on: most of a file's lines are numbers
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d{1,3})?")
_BLANK = ("", "nan", "na", "n/a", "null", "none")
_DATE = r"[\[(]?(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ])?"
_OF_DAY = re.compile(_DATE + r"(?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,9})?(?:\s*\S{0,24})?")
_COMMENT = ("#", "%", "//")
_DELIMITERS = ("\t", ";", ",", "|", " ")
_DIALECT = "Decimal commas cannot be told from commas between columns; export with semicolons or with decimal points."


@dataclass(frozen=True)
class Layout:
    """How a text file is a table.

    delimiter: between cells; a line feed where there is one column; a blank where any run of blanks is one.
    width: cells a line.
    kinds: a letter a column, by the first line of numbers: N number or blank, D time of day, T other text.
    names: a cell for each column; none where the file names no columns.
    units: a cell for each column, where a line below the names says them.
    notes: the other lines above the numbers.
    begin: the line at which the numbers begin, from 0.
    """

    delimiter: str
    width: int
    kinds: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    notes: tuple[str, ...]
    begin: int


def layout_of(name: str, lines: Sequence[str]) -> Layout:
    """Give the layout that the first lines of a file show.

    Raises:
        RecordError: they show no table of numbers, or one that can be read in two ways.
    """
    delimiter = delimiter_of(lines)
    tried = [line for line in lines if line.strip()][-_TRIED:]
    numeric = Counter(shape for line in tried if (shape := _shape(cells_of(line, delimiter))))
    if not numeric:
        raise EmptyFile(name, "The text holds no table of numbers; give a table with one lead a column.")
    kinds, alike = numeric.most_common(1)[0]
    if alike * 2 < len(tried):
        raise EmptyFile(name, "The text holds no table of numbers; give a table with one lead a column.")
    begin = next(at for at, line in enumerate(lines) if _shape(cells_of(line, delimiter)) == kinds)
    above = [at for at in range(begin) if lines[at].strip()]
    names, units = _named(name, lines, above, delimiter, kinds)
    if not names and _numbers_columns(lines[begin:], delimiter):
        names, begin = ("",) * len(kinds), begin + 1
    if delimiter == "," and not names:
        _check_decimals(name, [cells_of(line, ",") for line in tried])
    notes = tuple(_uncommented(lines[at]).strip() for at in above)
    return Layout(delimiter, len(kinds), kinds, names, units, notes, begin)


def delimiter_of(lines: Sequence[str]) -> str:
    """Give the delimiter under which most cells are numbers; a line feed for a single column."""
    lines = [line for line in lines if line.strip()][-_TRIED:]
    best, most = "\n", 0.0
    for delimiter in _DELIMITERS:
        score = 0.0
        for line in lines:
            cells = cells_of(line, delimiter)
            if len(cells) > 1:
                score += sum(kind != "T" for kind in kinds_of(cells)) / len(cells)
        if score > most * 1.001:
            best, most = delimiter, score
    alone = sum(kinds_of([line.strip().strip("\"'")]) == "N" for line in lines)
    return best if most * 1.001 >= alone / 2 or (best == "," and most) else "\n"


def cells_of(line: str, delimiter: str) -> list[str]:
    """Give the cells of a line, without quotes and blanks around them."""
    line = line.strip(" \n")
    if delimiter == " ":
        return [cell.strip("\"'") for cell in line.split()]
    if '"' in line and delimiter != "\n":
        return [cell.strip() for row in csv.reader([line], delimiter=delimiter) for cell in row]
    return [cell.strip().strip("\"'") for cell in line.split(delimiter)]


def kinds_of(cells: Sequence[str]) -> str:
    """Give a letter for each cell: N for a number or a blank, D for a time of day, T for other text."""
    return "".join(_kind(cell) for cell in cells)


def _kind(cell: str) -> str:
    if _NUMBER.fullmatch(cell) or cell.casefold() in _BLANK:
        return "N"
    return "D" if _OF_DAY.fullmatch(cell) else "T"


def _shape(cells: Sequence[str]) -> str:
    """Give the kinds of a line of numbers, and nothing for another line."""
    kinds = kinds_of(cells)
    numbers = any(kind == "N" and cell[-1:].isdigit() for cell, kind in zip(cells, kinds, strict=True))
    return kinds if numbers and kinds.count("N") * 2 >= len(kinds) else ""


def _named(
    name: str, lines: Sequence[str], above: list[int], delimiter: str, kinds: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the names and the units of the columns, and take their lines from those above the numbers."""
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    while above and not names:
        cells = tuple(cells_of(_uncommented(lines[above[-1]]), delimiter))
        if delimiter == "\n" and not _names_one(cells[0]):
            break
        if len(cells) != len(kinds):
            _check_header(name, cells, delimiter, len(kinds))
            break
        if not units and len(cells) > 1 and _are_units(cells) and len(above) > 1:
            units = cells
        elif told_by([_uncommented(lines[above[-1]])]) != NOTHING:
            break
        else:
            names = cells
        above.pop()
    _check_names(name, names, [cells_of(lines[at], delimiter) for at in above])
    return names, units


def _check_names(name: str, names: Sequence[str], above: list[list[str]]) -> None:
    """Refuse a row that only looks like one of names: with a fraction in it, or right below one that names leads."""
    fraction = any(_kind(cell) == "N" and not cell.isdigit() for cell in names if cell)
    if fraction or (above and len(above[-1]) == len(names) > 1 and any(is_lead(cell) for cell in above[-1])):
        raise BrokenFile(name, "The first row of numbers holds text; export the file again.")


def _names_one(cell: str) -> bool:
    """Say whether the only cell of a line names a column: other lines may hold anything, and a person's name."""
    bare, unit = named_unit(cell)
    return is_lead(cell) or is_lead(bare) or (unit is not None and millivolts(unit) is not None) or _general(bare)


def _general(word: str) -> bool:
    return word.casefold() in ("ecg", "ekg", "signal", "value", "values", "voltage", "data", "lead", "0", "mlii")


def _are_units(cells: Sequence[str]) -> bool:
    """Say whether most cells of a line are units, so that the names stand above it."""
    plain = [cell.strip("\"'()[] ") for cell in cells]
    known = [millivolts(cell) is not None or seconds_a_unit(cell) is not None or "mm:ss" in cell for cell in plain]
    return 2 * sum(known) > len(cells) and not any(is_lead(cell) for cell in plain)


def _check_header(name: str, cells: Sequence[str], delimiter: str, width: int) -> None:
    leads = sum(is_lead(named_unit(cell)[0]) or is_time(named_unit(cell)[0]) for cell in cells)
    if not leads or (len(cells) == 2 and leads == 1):
        return
    if delimiter == "," and width == 2 * len(cells):
        raise UnknownFormat(name, _DIALECT)
    raise BrokenFile(name, f"The header names {len(cells)} columns and the rows have {width}; export it again.")


def _check_decimals(name: str, rows: list[list[str]]) -> None:
    """Refuse whole numbers between commas of which every other one may be the decimals of the one before it."""
    flat = [row for row in rows if row != [""]]
    whole = all(re.fullmatch(r"[-+]?\d+", cell) for row in flat for cell in row)
    fractions = all(cell.isdigit() for row in flat for cell in row[1::2])
    if whole and fractions and (all(len(row) % 2 == 0 for row in flat) or {len(row) for row in flat} == {1, 2}):
        raise UnknownFormat(name, _DIALECT)


def _numbers_columns(lines: Sequence[str], delimiter: str) -> bool:
    """Say whether the first line counts columns, as pandas writes it, with or without a blank above its index."""
    cells = cells_of(lines[0], delimiter)
    numbers = cells[1:] if cells[0] == "" else cells
    if not numbers or numbers != [str(at) for at in range(len(numbers))]:
        return False
    fractions = any("." in line or (delimiter != "," and "," in line) for line in lines[1:3])
    return len(numbers) < len(cells) or len(numbers) > 3 or fractions


def _uncommented(line: str) -> str:
    mark = next((mark for mark in _COMMENT if line.lstrip(" ").startswith(mark)), None)
    return line if mark is None else line.lstrip(" ").removeprefix(mark).strip(" ")
