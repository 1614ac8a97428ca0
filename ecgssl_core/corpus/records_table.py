"""What a table beside the files knows about records: patients, diagnoses, published folds, double recordings."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ecgssl_core.corpus.column_map import NO, YES, ColumnMap, guess_columns, open_table
from ecgssl_core.corpus.labels import snomed_codes
from ecgssl_core.errors import CorpusError, nearest

AXIS_CODES = ("39732003", "47665007")  # left and right axis deviation
SEXES = {"female": "female", "f": "female", "woman": "female", "male": "male", "m": "male", "man": "male"}


@dataclass(frozen=True)
class Row:
    """A line of the table; None and empty where the table says nothing."""

    source: str | None = None
    patient: str | None = None
    codes: tuple[str, ...] | None = None
    unknown_codes: tuple[str, ...] = ()
    age: float | None = None
    sex: str | None = None
    published_fold: int | None = None
    same_signal: str | None = None


def read_records_table(path: Path, columns: ColumnMap | None = None) -> dict[str, Row]:
    """Give the lines of a records table by record.

    Besides the columns of the map, `source`, `same_signal` (another record) and `axis_known` (0: axis deviations are
    unknown, not absent) are understood. Other columns are left alone. Of columns of 0 and 1 an empty cell means that
    nobody knows; a record without any 1 is known to have none of the classes.

    Args:
        path: CSV or TSV with a line of names.
        columns: which column says what; None guesses.

    Raises:
        CorpusError: the table is missing, is no such table, names a record twice, or has a value that means nothing.
    """
    columns = guess_columns(path) if columns is None else columns
    rows: dict[str, Row] = {}
    with open_table(path) as reader:
        _check_names(path.name, list(reader.fieldnames or ()), columns)
        binary = len(columns.labels) > 1 or _holds_binary(path, columns)
        for cells in reader:
            record = _record((cells[columns.record] or "").strip())
            if record in rows:
                told = f"The records table {path.name} names {record} a second time in line {reader.line_num}."
                raise CorpusError(told)
            plain = {key: (value or "").strip() for key, value in cells.items() if isinstance(key, str)}
            try:
                rows[record] = _row(plain, columns, binary)
            except ValueError as error:
                raise CorpusError(f"The records table {path.name}, line {reader.line_num}: {error}.") from error
    return rows


def line_of(table: Mapping[str, Row], key: str, path: Path) -> tuple[str, Row] | None:
    """Give what a table says of a record, and under which name; the longest name that it knows counts.

    Args:
        table: lines by record.
        key: of the record, its way below the corpus folder, with or without suffix.
        path: its file.
    """
    way = PurePosixPath(key).with_name(path.name).as_posix()
    names = (way, key, PurePosixPath(way).with_suffix("").as_posix(), path.name, path.stem)
    return next(((name, table[name]) for name in names if name in table), None)


def _check_names(table: str, names: list[str], columns: ColumnMap) -> None:
    wanted = (columns.record, columns.patient, *columns.labels, columns.age, columns.sex, columns.fold)
    absent = next((name for name in wanted if name and name not in names), None)
    if absent is not None:
        raise CorpusError(f"The records table {table} has no column {absent!r}: {nearest(absent, names)}")


def _holds_binary(path: Path, columns: ColumnMap) -> bool:
    """Say whether the one column of labels holds 0 and 1, which say of each record whether it is of the one class."""
    if len(columns.labels) != 1 or columns.labels == ("dx",):
        return False
    with open_table(path) as reader:
        cells = {(line.get(columns.labels[0]) or "").strip().casefold() for line in reader} - {""}
    return bool(cells) and cells <= YES | NO


def _record(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./")


def _row(cells: dict[str, str], columns: ColumnMap, binary: bool) -> Row:
    codes, unknown = _binary_labels(cells, columns) if binary else _written_labels(cells, columns)
    known = cells.get("axis_known", "")
    if known not in ("", "0", "1"):
        raise ValueError(f"axis_known is 0 or 1, not {known!r}")
    return Row(
        source=cells.get("source") or None,
        patient=cells.get(columns.patient) or None,
        codes=codes,
        unknown_codes=(*unknown, *(AXIS_CODES if known == "0" else ())),
        age=_age(cells.get(columns.age, "")),
        sex=_sex(cells.get(columns.sex, ""), columns),
        published_fold=_fold(columns.fold, cells.get(columns.fold, "")),
        same_signal=_record(cells.get("same_signal", "")) or None,
    )


def _written_labels(cells: dict[str, str], columns: ColumnMap) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    text = cells.get(columns.labels[0], "") if columns.labels else ""
    parts = text.split(columns.separator) if columns.separator else [text]
    written = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    # a column `dx` has the challenges' codes, and the words that the first release of CPSC 2018 has in their place
    return (snomed_codes(written) if columns.labels == ("dx",) else ()) or written or None, ()


def _binary_labels(cells: dict[str, str], columns: ColumnMap) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    said = {name: cells.get(name, "").casefold() for name in columns.labels}
    strange = next((name for name, cell in said.items() if cell not in YES | NO | {""}), None)
    if strange is not None:
        raise ValueError(f"{strange} is 0, 1 or empty, not {said[strange]!r}")
    unknown = tuple(name for name, cell in said.items() if not cell)
    return None if len(unknown) == len(said) else tuple(name for name, cell in said.items() if cell in YES), unknown


def _fold(column: str, text: str) -> int | None:
    number = text.removesuffix(".0")
    if number and (not number.isdecimal() or int(number) < 1):
        raise ValueError(f"{column} is a number from 1, not {text!r}")
    return int(number) if number else None


def _sex(text: str, columns: ColumnMap) -> str | None:
    if text and text in (columns.female, columns.male):
        return "female" if text == columns.female else "male"
    return SEXES.get(text.casefold())


def _age(text: str) -> float | None:
    try:
        age = float(text.strip(">≥+ ")) if text else math.nan  # ages that could name a person are often cut: >89, 90+
    except ValueError as error:
        raise ValueError(f"age is in years, not {text!r}") from error
    return age if math.isfinite(age) and age >= 0 else None
