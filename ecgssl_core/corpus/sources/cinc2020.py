"""The layout of the PhysioNet/CinC Challenges 2020 and 2021: a folder a source, diagnosis codes in the headers."""

import re
from collections.abc import Iterator
from pathlib import Path

from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.sources.wfdb import headers, key_of, with_table

NAME = "cinc2020"
GENERAL = False
DIAGNOSIS_LINE = re.compile(rb"^#\s*dx\s*:", re.IGNORECASE | re.MULTILINE)
HEADER_BYTES = 1 << 16


def takes(folder: Path) -> bool:
    """Say whether the first header found lists diagnosis codes; both spellings, `#Dx:` and `# Dx:`, are known."""
    first = next(folder.rglob("*.hea"), None)
    if first is None:
        return False
    try:
        with first.open("rb") as file:
            return DIAGNOSIS_LINE.search(file.read(HEADER_BYTES)) is not None
    except OSError:
        return False


def entries(folder: Path, labels: Path | None) -> Iterator[Entry]:
    """Give the records of the folder, by key; the first folder on a record's way is its source, unless the table says.

    Raises:
        CorpusError: the records table cannot be used, or knows none of the records.
    """
    yield from with_table((_entry(path, folder) for path in headers(folder)), labels)


def _entry(path: Path, folder: Path) -> Entry:
    key = key_of(path, folder)
    first, slash, _ = key.partition("/")
    return Entry(key=key, path=path, source=first if slash else folder.name)
