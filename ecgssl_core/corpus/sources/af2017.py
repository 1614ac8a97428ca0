"""The PhysioNet/CinC Challenge 2017: single leads of a hand-held device, labelled N, A, O or ~."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ecgssl_core.corpus.below import head_of, headers_below, headers_of, key_of, some_files
from ecgssl_core.corpus.column_map import ColumnMap
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.known import with_table
from ecgssl_core.errors import CorpusError

NAME = "af2017"
PLACE = 0
LABELS = "af2017"
TABLES = ("REFERENCE-v3.csv", "REFERENCE-v2.csv", "REFERENCE.csv", "REFERENCE-v1.csv", "REFERENCE-v0.csv")
CLASSES = frozenset("NAO~")
_RECORD = re.compile(r"A\d{5}")
_FIRST_LINE = re.compile(rb"A\d{5} 1 300 ")
_REFERENCE = re.compile(r"(A\d{5}),(\S+)")
_LOOKED_AT = 8


def takes(folder: Path) -> bool:
    """Say whether the first headers are of one lead at 300 Hz, with names from A00001 on."""
    first = headers_of(some_files(folder))[:_LOOKED_AT]
    return any(_RECORD.fullmatch(path.stem) and _FIRST_LINE.match(head_of(path, 32)) for path in first)


def entries(folder: Path, labels: Path | None, columns: ColumnMap | None) -> Iterator[Entry]:
    """Give the records of the folder, labelled by the newest revision of the reference in it, or by the table given.

    Nobody knows the patients. The table may be one of the challenge's, without a line of names, or any records table.

    Raises:
        CorpusError: the table cannot be used.
    """
    found = [Entry(key_of(path, folder), path, NAME) for path in headers_below(folder) if _RECORD.fullmatch(path.stem)]
    table = labels or next((folder / name for name in TABLES if (folder / name).is_file()), None)
    if table is None:
        yield from found
    elif is_reference(table):
        known = _reference(table)
        yield from (replace(entry, codes=known.get(entry.path.stem)) for entry in found)
    else:
        yield from with_table(found, table, columns)


def is_reference(table: Path) -> bool:
    """Say whether a table is one of the challenge's own, which begin with a record and have no line of names."""
    return bool(_RECORD.match(head_of(table, 6).decode("latin-1")))


def _reference(path: Path) -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(path.read_text(encoding="latin-1").splitlines(), start=1):
        parts = _REFERENCE.fullmatch(line.strip())
        if parts is None or parts[2] not in CLASSES:
            raise CorpusError(f"{path.name}, line {number}: a record and N, A, O or ~ are expected, as in A00001,N.")
        known[parts[1]] = (parts[2],)
    return known
