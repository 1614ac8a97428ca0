"""PTB-XL in its own layout, at 100 Hz; taken only where it is asked for by name."""

from collections.abc import Iterator
from pathlib import Path

from ecgssl_core.corpus.column_map import ColumnMap
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.ptbxl_layout import ptbxl_entries

NAME = "ptbxl100"
PLACE = 0
LABELS = "ptbxl-superclass"


def takes(folder: Path) -> bool:  # noqa: ARG001
    """Say no: a folder of PTB-XL is of the kind `ptbxl`, unless somebody says otherwise."""
    return False


def entries(folder: Path, labels: Path | None, columns: ColumnMap | None) -> Iterator[Entry]:
    """Give the records of the database, of `records100`.

    Raises:
        CorpusError: the database cannot be used, or another table was given.
    """
    yield from ptbxl_entries(folder, labels or columns, ("records100",))
