"""Any folder of WFDB records, at any depth; labels come from the headers' diagnosis lines or a records table."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.records_table import Row, read_records_table
from ecgssl_core.errors import CorpusError

NAME = "wfdb"
GENERAL = True


def takes(folder: Path) -> bool:
    """Say whether there is a WFDB header somewhere in the folder."""
    return next(folder.rglob("*.hea"), None) is not None


def entries(folder: Path, labels: Path | None) -> Iterator[Entry]:
    """Give the records of the folder, by key; they are one source, unless the table names others.

    Raises:
        CorpusError: the records table cannot be used, or knows none of the records.
    """
    found = (Entry(key=key_of(path, folder), path=path, source=folder.name) for path in headers(folder))
    yield from with_table(found, labels)


def headers(folder: Path) -> list[Path]:
    """List the WFDB headers below a folder, by key; names that begin with a dot, and links, are left out."""
    found = [path for path in folder.rglob("*.hea") if not path.is_symlink()]
    visible = [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    return sorted(visible, key=lambda path: key_of(path, folder))


def key_of(path: Path, folder: Path) -> str:
    """Give the key of a record's file: its path below the corpus folder, without suffix."""
    return path.relative_to(folder).with_suffix("").as_posix()


def with_table(found: Iterator[Entry], labels: Path | None) -> Iterator[Entry]:
    """Give the entries with what a records table knows about them; without a table, as they are.

    Raises:
        CorpusError: the table cannot be used, or knows none of the records.
    """
    if labels is None:
        yield from found
        return
    table, listed = read_records_table(labels), list(found)
    lines = [table.get(entry.key) or table.get(entry.path.stem) for entry in listed]
    if not any(lines):
        raise CorpusError(f"The records table {labels.name} knows none of the {len(listed)} records of the folder.")
    keys = {entry.path.stem: entry.key for entry in listed}
    for entry, line in zip(listed, lines, strict=True):
        yield entry if line is None else _known(entry, line, keys)


def _known(entry: Entry, line: Row, keys: dict[str, str]) -> Entry:
    same = line.same_signal
    return replace(
        entry,
        source=line.source or entry.source,
        patient=line.patient,
        codes=line.codes,
        unknown_codes=line.unknown_codes,
        age=line.age,
        sex=line.sex,
        published_fold=line.published_fold,
        same_signal=keys.get(same, same) if same else None,
    )
