"""Entries with what a records table knows about them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ecgssl_core.corpus.column_map import ColumnMap
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.records_table import Row, line_of, read_records_table
from ecgssl_core.errors import CorpusError


def with_table(found: Iterable[Entry], labels: Path | None, columns: ColumnMap | None = None) -> Iterator[Entry]:
    """Give the entries with what a records table knows about them; without a table, as they are.

    Raises:
        CorpusError: the table cannot be used, knows none of the records, or has one line for several of them.
    """
    if labels is None:
        yield from found
        return
    table, listed = read_records_table(labels, columns), list(found)
    lines = [line_of(table, entry.key, entry.path) for entry in listed]
    if not any(lines):
        raise CorpusError(f"The records table {labels.name} knows none of the {len(listed)} records of the folder.")
    times = Counter(line[0] for line in lines if line is not None)
    name, most = times.most_common(1)[0]
    if most > 1:
        raise CorpusError(
            f"The records table {labels.name} has one line {name!r} for {most} files; name their folders."
        )
    keys = {entry.path.stem: entry.key for entry in listed}
    for entry, line in zip(listed, lines, strict=True):
        yield entry if line is None else _known(entry, line[1], keys)


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


def told_of_table(entries: Iterable[Entry], labels: Path, columns: ColumnMap | None = None) -> str:
    """Give in a sentence which lines of a records table name no record, and how many records it does not name.

    Returns:
        The sentence; empty where each line has its record and each record its line.
    """
    table, listed = read_records_table(labels, columns), list(entries)
    lines = [line_of(table, entry.key, entry.path) for entry in listed]
    used = {line[0] for line in lines if line is not None}
    idle, silent = [name for name in table if name not in used], lines.count(None)
    if not idle and not silent:
        return ""
    some = ", ".join(idle[:3]) + (", …" if len(idle) > 3 else "")
    unknown = f"{len(idle):,} of the {len(table):,} lines of {labels.name} name no record here: {some}"
    bare = f"{silent:,} of the {len(listed):,} records have no line in {labels.name}"
    return "; ".join(part for part, there in ((unknown, idle), (bare, silent)) if there) + "."
