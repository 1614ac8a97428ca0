"""Any folder of files that can be read, of any format and at any depth; labels come from a table beside them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from ecgssl_core.corpus.below import files_below, head_of, key_of, some_files
from ecgssl_core.corpus.column_map import ColumnMap
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.known import with_table
from ecgssl_core.errors import RecordError
from ecgssl_core.records.archive import is_archive
from ecgssl_core.records.read import READERS
from ecgssl_core.records.readers import wfdb

NAME = "files"
PLACE = 2
LABELS = ""
HEAD_BYTES = 4096


def takes(folder: Path) -> bool:
    """Say whether a reader takes one of the first files of the folder, whose first bytes are all that is looked at."""
    return any(_is_record(path, head_of(path, HEAD_BYTES)) for path in some_files(folder))


def entries(folder: Path, labels: Path | None, columns: ColumnMap | None) -> Iterator[Entry]:
    """Give the records of the folder; they are one source, unless the table names others.

    The table itself, and the signal files that belong to a WFDB header, are no records.

    Raises:
        CorpusError: the records table cannot be used, or knows none of the records.
    """
    table = labels.resolve() if labels is not None else None
    paths = _records(path for path in files_below(folder) if path != table)
    times = Counter(key_of(path, folder) for path in paths)
    found = []
    for path in paths:
        key = key_of(path, folder)
        # a record in two formats is two files: there the ending tells the keys apart
        whole = path.relative_to(folder).as_posix()
        found.append(Entry(key=key if times[key] == 1 else whole, path=path, source=folder.name))
    yield from with_table(found, labels, columns)


def _records(paths: Iterable[Path]) -> list[Path]:
    taken: list[Path] = []
    company: dict[Path, set[str]] = defaultdict(set)
    for path in paths:
        head = head_of(path, HEAD_BYTES)
        if _is_record(path, head):
            taken.append(path)
            company[path.parent] |= _company(path, head)
    return [path for path in taken if path.name not in company[path.parent]]


def _is_record(path: Path, head: bytes) -> bool:
    return bool(head) and (is_archive(head) or any(reader.takes(path.name, head) for reader in READERS))


def _company(path: Path, head: bytes) -> set[str]:
    try:
        return set(wfdb.company(path.name, head)) if wfdb.takes(path.name, head) else set()
    except RecordError:
        return set()  # a header that cannot be understood is a record that is refused with its sentence
