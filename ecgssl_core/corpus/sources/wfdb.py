"""Any folder of WFDB records, at any depth; labels come from the headers' diagnosis lines or a records table."""

from collections.abc import Iterator
from pathlib import Path

from ecgssl_core.corpus.below import headers_below, headers_of, key_of, some_files
from ecgssl_core.corpus.column_map import ColumnMap
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.known import with_table

NAME = "wfdb"
PLACE = 1
LABELS = ""


def takes(folder: Path) -> bool:
    """Say whether there is a WFDB header among the first files of the folder."""
    return bool(headers_of(some_files(folder)))


def entries(folder: Path, labels: Path | None, columns: ColumnMap | None) -> Iterator[Entry]:
    """Give the records of the folder; they are one source, unless the table names others.

    Raises:
        CorpusError: the records table cannot be used, or knows none of the records.
    """
    found = (Entry(key=key_of(path, folder), path=path, source=folder.name) for path in headers_below(folder))
    yield from with_table(found, labels, columns)
