"""Which column of a table of one's own says what, and a guess at it from the names that people give to columns."""

import csv
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ecgssl_core.errors import CorpusError, SettingsError, nearest

MOST_BYTES = 1 << 28
_LOOKED_AT = 500  # lines that tell what a column holds
_RECORD = ("record", "record_name", "record_id", "path", "file", "filename", "file_name", "ecg_id", "exam_id", "id")
_PATIENT = ("patient", "patient_id", "subject", "subject_id", "person_id")
_LABELS = ("dx", "labels", "label", "diagnosis", "diagnoses", "class", "classes")
_FOLD = ("strat_fold", "fold")
_SEPARATORS = "|;,"
YES, NO = frozenset({"1", "1.0", "true", "yes"}), frozenset({"0", "0.0", "false", "no"})


@dataclass(frozen=True)
class ColumnMap:
    """The columns of a table by what they say; empty where the table does not say it.

    Args:
        record: file name or path below the corpus folder, with or without suffix.
        patient: who it is of.
        labels: one column with labels in words or codes, or columns of 0 and 1, one a class and named after it.
        separator: stands between the labels of one cell; empty if a cell is one label.
        age: in years.
        sex: in words such as F and male, or in the two values below.
        fold: published fold, from 1.
        female: what stands for female in the column sex; 0 and 1 mean nothing unless it is said here.
        male: what stands for male.
    """

    record: str = "record"
    patient: str = ""
    labels: tuple[str, ...] = ()
    separator: str = ""
    age: str = ""
    sex: str = ""
    fold: str = ""
    female: str = ""
    male: str = ""


def parse_columns(text: str) -> ColumnMap:
    """Give a map from words as in `record=file,patient=who,labels=AF|LBBB,female=1,male=0`; a separator may be `comma`.

    Raises:
        SettingsError: a word is none of the map's, or has no column.
    """
    known = [field.name for field in fields(ColumnMap)]
    said: dict[str, Any] = {}
    for word in filter(None, text.split(",")):
        name, _, column = word.partition("=")
        if name not in known or not column:
            raise SettingsError(f"--columns takes name=column, not {word!r}: {nearest(name, known)}")
        said[name] = tuple(column.split("|")) if name == "labels" else column
    if said.get("separator") == "comma":  # the sign itself divides the words
        said["separator"] = ","
    return ColumnMap(**said)


@contextmanager
def open_table(path: Path) -> Iterator["csv.DictReader[str]"]:
    """Open a table of columns with names for reading: commas, semicolons or tabs between them, as the first line has.

    Raises:
        CorpusError: the file is missing, too large, or no such table in UTF-8.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CorpusError(f"The records table {path.name} is larger than {MOST_BYTES >> 20} MiB.")
        with path.open(newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            file.seek(0)
            yield csv.DictReader(file, strict=True, delimiter=max(",;\t", key=first.count))
    except OSError as error:
        raise CorpusError(f"The records table {path.name} cannot be read ({error.strerror}).") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise CorpusError(f"The records table {path.name} is not CSV in UTF-8 ({error}).") from error


def guess_columns(path: Path) -> ColumnMap:
    """Give what the columns of a table say, as far as their names and first lines tell.

    Labels are in a column called like one, or else in all columns that hold 0 and 1 and nothing else. Sex as 0 and 1 is
    not guessed.

    Raises:
        CorpusError: the table cannot be read, or no column names records.
    """
    with open_table(path) as reader:
        names = [name for name in reader.fieldnames or () if name is not None]
        lines = list(itertools.islice(reader, _LOOKED_AT))
    record = _named(names, _RECORD)
    if not record:
        raise CorpusError(f"The records table {path.name} has no column 'record'.")
    patient, fold = _named(names, _PATIENT), _named(names, _FOLD)
    age, sex = _named(names, ("age",)), _named(names, ("sex", "gender"))
    cells = {name: {(line.get(name) or "").strip() for line in lines} - {""} for name in names}
    one = _named(names, _LABELS)
    taken = {record, patient, fold, age, sex, "axis_known"}
    several = tuple(name for name in names if name not in taken and cells[name] and _is_binary(cells[name]))
    labels = (one,) if one else several
    separator = next((sign for sign in _SEPARATORS if any(sign in cell for cell in cells[one])), "") if one else ""
    return ColumnMap(record, patient, labels, "," if one == "dx" else separator, age, sex, fold)


def _named(names: list[str], known: tuple[str, ...]) -> str:
    """Give the column whose name comes first among the known ones; empty if there is none."""
    by_name = {name.strip().casefold(): name for name in reversed(names)}
    return next((by_name[name] for name in known if name in by_name), "")


def _is_binary(cells: set[str]) -> bool:
    return {cell.casefold() for cell in cells} <= YES | NO
