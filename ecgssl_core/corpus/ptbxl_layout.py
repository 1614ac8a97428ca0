"""PTB-XL's own database table as entries: statements, patients, published folds, and the rates there are."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from ecgssl_core.corpus.column_map import open_table
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.scp import LEFT_AXIS, RIGHT_AXIS, statements, with_snomed
from ecgssl_core.errors import CorpusError

DATABASE = "ptbxl_database.csv"
COLUMNS = {"records500": "filename_hr", "records100": "filename_lr"}
SOURCE = "ptb-xl"
OLDEST = 90.0  # ages above 89 are written as 300
SEXES = {"0": "male", "1": "female"}
FOLDS = range(1, 11)


def ptbxl_takes(folder: Path) -> bool:
    """Say whether a folder holds the database and recordings at one rate at least."""
    return (folder / DATABASE).is_file() and any((folder / name).is_dir() for name in COLUMNS)


def ptbxl_entries(folder: Path, other: object, rates: Sequence[str]) -> Iterator[Entry]:
    """Give an entry for each line of the database.

    A statement belongs to a record whatever its likelihood, as in the benchmark of Strodthoff et al. 2021 (doi
    10.1109/JBHI.2020.3022989). Where nobody said the axis of the heart, its deviations are unknown, not absent.

    Args:
        folder: of the release.
        other: a table that was given in place of the database, which is refused.
        rates: folders of recordings, the first of them that is there is taken.

    Raises:
        CorpusError: the database is missing, damaged, or not to be used.
    """
    if other:
        raise CorpusError(f"PTB-XL brings its own table {DATABASE}; leave the records table out, or name another kind.")
    rate = next((name for name in rates if (folder / name).is_dir()), None)
    if rate is None:
        raise CorpusError(f"There is no folder {' or '.join(rates)} in {folder.name}; download the recordings first.")
    with open_table(folder / DATABASE) as reader:
        absent = {"scp_codes", COLUMNS[rate]} - set(reader.fieldnames or ())
        if absent:
            raise CorpusError(f"{DATABASE} has no column {min(absent)!r}; download it again.")
        for cells in reader:
            try:
                yield _entry(folder, {key: (value or "").strip() for key, value in cells.items() if key}, rate)
            except ValueError as error:
                raise CorpusError(f"{DATABASE}, line {reader.line_num}: {error}.") from error


def _entry(folder: Path, cells: dict[str, str], rate: str) -> Entry:
    name = cells[COLUMNS[rate]]
    path = folder / f"{name}.hea"
    if not name or not path.resolve().is_relative_to(folder):
        raise ValueError(f"{COLUMNS[rate]} names no file of this folder")
    axis, fold = cells.get("heart_axis", ""), _number(cells, "strat_fold")
    if fold is not None and fold not in FOLDS:
        raise ValueError(f"strat_fold is a number from 1 to 10, not {fold:g}")
    age, patient = _number(cells, "age"), _number(cells, "patient_id")
    return Entry(
        key=name,
        path=path,
        source=SOURCE,
        patient=None if patient is None else f"ptbxl-{patient:.0f}",
        codes=with_snomed(tuple(statements(cells["scp_codes"])), axis),
        unknown_codes=() if axis else (LEFT_AXIS, RIGHT_AXIS),
        age=None if age is None else min(age, OLDEST),
        sex=SEXES.get(cells.get("sex", "").removesuffix(".0")),
        published_fold=None if fold is None else int(fold),
    )


def _number(cells: dict[str, str], column: str) -> float | None:
    text = cells.get(column, "")
    try:
        number = float(text) if text else math.nan
    except ValueError as error:
        raise ValueError(f"{column} is a number, not {text[:20]!r}") from error
    return number if math.isfinite(number) and number >= 0 else None
