"""PTB-XL in its own layout, at 500 Hz where both rates are there."""

from collections.abc import Iterator
from pathlib import Path

from ecgssl_core.corpus.column_map import ColumnMap
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.ptbxl_layout import ptbxl_entries, ptbxl_takes

NAME = "ptbxl"
PLACE = 0
LABELS = "ptbxl-superclass"


def takes(folder: Path) -> bool:
    """Say whether the folder holds `ptbxl_database.csv` and recordings at one rate at least."""
    return ptbxl_takes(folder)


def entries(folder: Path, labels: Path | None, columns: ColumnMap | None) -> Iterator[Entry]:
    """Give the records of the database, of `records500` or else of `records100`.

    Raises:
        CorpusError: the database cannot be used, or another table was given.
    """
    yield from ptbxl_entries(folder, labels or columns, ("records500", "records100"))
