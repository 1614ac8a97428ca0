"""Any folder of WFDB records, at any depth; labels come from the headers' diagnosis lines or a records table."""

from collections.abc import Iterator
from pathlib import Path

from ecgssl_core.corpus.below import head_of, headers_below, headers_of, key_of, some_files
from ecgssl_core.corpus.column_map import ColumnMap
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.known import with_table
from ecgssl_core.records.read import READERS

NAME = "wfdb"
PLACE = 1
LABELS = ""
_LOOKED_AT = 200
_HEAD_BYTES = 4096


def takes(folder: Path) -> bool:
    """Say whether there are WFDB headers among the first files of the folder, and no recordings of another format."""
    first = some_files(folder)
    headers = {path.with_suffix("") for path in headers_of(first)}
    others = [path for path in first if path.with_suffix("") not in headers][:_LOOKED_AT]
    return bool(headers) and not any(_is_other(path) for path in others)


def entries(folder: Path, labels: Path | None, columns: ColumnMap | None) -> Iterator[Entry]:
    """Give the records of the folder; they are one source, unless the table names others.

    Raises:
        CorpusError: the records table cannot be used, or knows none of the records.
    """
    found = (Entry(key=key_of(path, folder), path=path, source=folder.name) for path in headers_below(folder))
    yield from with_table(found, labels, columns)


def _is_other(path: Path) -> bool:
    head = head_of(path, _HEAD_BYTES)
    # what a general reader takes may be any table
    return bool(head) and any(reader.takes(path.name, head) for reader in READERS if not reader.GENERAL)
