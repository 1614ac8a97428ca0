"""The layout of the PhysioNet/CinC Challenges 2020 and 2021: a folder a source, diagnosis codes in the headers.

The releases of 2020 have flat folders, `cpsc_2018/A0001.hea`; those on PhysioNet, of both years, nest them:
`training/cpsc_2018/g1/A0001.hea`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ecgssl_core.corpus.below import head_of, headers_below, headers_of, key_of, some_files
from ecgssl_core.corpus.column_map import ColumnMap
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.known import with_table

NAME = "cinc2020"
PLACE = 0
LABELS = ""
DIAGNOSIS_LINE = re.compile(rb"^#\s*dx\s*:", re.IGNORECASE | re.MULTILINE)
HEADER_BYTES = 1 << 16
NO_SOURCE = re.compile(r"g\d+|training|training_wfdb", re.IGNORECASE)  # folders that only divide a release
_LOOKED_AT = 8


def takes(folder: Path) -> bool:
    """Say whether the first headers list diagnosis codes; both spellings, `#Dx:` and `# Dx:`, are known."""
    first = headers_of(some_files(folder))[:_LOOKED_AT]
    return any(DIAGNOSIS_LINE.search(head_of(path, HEADER_BYTES)) for path in first)


def entries(folder: Path, labels: Path | None, columns: ColumnMap | None) -> Iterator[Entry]:
    """Give the records of the folder; the first folder on a record's way that is no mere part is its source.

    Raises:
        CorpusError: the records table cannot be used, or knows none of the records.
    """
    found = (Entry(key_of(path, folder), path, _source(path, folder)) for path in headers_below(folder))
    yield from with_table(found, labels, columns)


def _source(path: Path, folder: Path) -> str:
    inside = path.parent.relative_to(folder).parts
    above = (folder.name, *(parent.name for parent in folder.parents))
    return next((name for name in (*inside, *above) if name and not NO_SOURCE.fullmatch(name)), folder.name)
