"""What a table beside the files knows about records: patients, diagnoses, published folds, double recordings."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from ecgssl_core.errors import CorpusError

AXIS_CODES = ("39732003", "47665007")  # left and right axis deviation
SEXES = {"female": "female", "f": "female", "male": "male", "m": "male"}
MOST_BYTES = 1 << 28


@dataclass(frozen=True)
class Row:
    """A line of the table; None and empty where the table says nothing."""

    source: str | None
    patient: str | None
    codes: tuple[str, ...] | None
    unknown_codes: tuple[str, ...]
    age: float | None
    sex: str | None
    published_fold: int | None
    same_signal: str | None


def read_records_table(path: Path) -> dict[str, Row]:
    """Give the lines of a records table by record.

    The table is CSV with a column `record`, the record's file name without suffix or its path below the corpus folder,
    and any of `source`, `patient`, `age`, `sex`, `dx` (SNOMED CT codes between commas), `axis_known` (0: axis
    deviations are unknown, not absent), `strat_fold` (1, 2, …) and `same_signal` (another record). Other columns are
    left alone.

    Raises:
        CorpusError: the table is missing, is no such CSV, names a record twice, or has a value that means nothing.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CorpusError(f"The records table {path.name} is larger than {MOST_BYTES >> 20} MiB.")
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            if "record" not in (reader.fieldnames or ()):
                raise CorpusError(f"The records table {path.name} has no column 'record'.")
            return _by_record(path.name, reader)
    except OSError as error:
        raise CorpusError(f"The records table {path.name} cannot be read ({error.strerror}).") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise CorpusError(f"The records table {path.name} is not CSV in UTF-8 ({error}).") from error


def _by_record(name: str, reader: "csv.DictReader[str]") -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for cells in reader:
        record = (cells["record"] or "").strip()
        if record in rows:
            raise CorpusError(f"The records table {name} names {record} a second time in line {reader.line_num}.")
        try:
            rows[record] = _row({key: (value or "").strip() for key, value in cells.items() if isinstance(key, str)})
        except ValueError as error:
            raise CorpusError(f"The records table {name}, line {reader.line_num}: {error}.") from error
    return rows


def _row(cells: dict[str, str]) -> Row:
    fold = cells.get("strat_fold", "")
    if fold and (not fold.isdecimal() or int(fold) < 1):
        raise ValueError(f"strat_fold is a number from 1, not {fold!r}")
    known = cells.get("axis_known", "")
    if known not in ("", "0", "1"):
        raise ValueError(f"axis_known is 0 or 1, not {known!r}")
    codes = tuple(code.strip() for code in cells.get("dx", "").split(",") if code.strip())
    return Row(
        source=cells.get("source") or None,
        patient=cells.get("patient") or None,
        codes=codes or None,
        unknown_codes=AXIS_CODES if known == "0" else (),
        age=_age(cells.get("age", "")),
        sex=SEXES.get(cells.get("sex", "").lower()),
        published_fold=int(fold) if fold else None,
        same_signal=cells.get("same_signal") or None,
    )


def _age(text: str) -> float | None:
    try:
        age = float(text) if text else math.nan
    except ValueError as error:
        raise ValueError(f"age is in years, not {text!r}") from error
    return age if math.isfinite(age) and age >= 0 else None
