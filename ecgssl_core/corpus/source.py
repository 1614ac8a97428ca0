"""A corpus as it lies in a folder: which kind it is, its records one by one, and the labels that are its own."""

import hashlib
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from ecgssl_core.corpus import sources
from ecgssl_core.corpus.column_map import ColumnMap, guess_columns
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.labels import CLASSES, LabelSet, is_snomed, label_set_csv, label_set_names, own_label_set
from ecgssl_core.durable import replace_file
from ecgssl_core.errors import CorpusError, nearest

__all__ = ["Entry", "Source", "find_folders", "keep_label_set", "open_source", "source_names"]

MOST_LABELS = 200  # a column with more different values is a text, and no label


class Kind(Protocol):
    """What each file in `sources/` offers."""

    NAME: str
    PLACE: int  # among kinds that take a folder, the first by place and name has it: 0 a corpus of its own, then WFDB
    LABELS: str  # label set of the corpus; empty where its labels are SNOMED CT codes or come from a table

    def takes(self, folder: Path) -> bool:
        """Say whether the folder is of this kind; at most some hundred files are looked at."""

    def entries(self, folder: Path, labels: Path | None, columns: ColumnMap | None) -> Iterator[Entry]:
        """Give the records of the folder."""


KINDS = sorted(
    (cast(Kind, import_module(f"{sources.__name__}.{found.name}")) for found in pkgutil.iter_modules(sources.__path__)),
    key=lambda kind: (kind.PLACE, kind.NAME),
)


@dataclass(frozen=True)
class Source:
    """A folder of records, of one kind.

    Args:
        kind: the file in `sources/` that knows its layout.
        folder: where the records lie.
        labels: a table of what is known about them, or None.
        columns: which column of the table says what; None guesses.
    """

    kind: Kind
    folder: Path
    labels: Path | None
    columns: ColumnMap | None = None

    @property
    def name(self) -> str:
        """The name of the kind."""
        return self.kind.NAME

    @property
    def table(self) -> str:
        """The name of the file that the labels come from, such as `REFERENCE-v3.csv`; empty where headers hold them."""
        if self.labels is not None:
            return self.labels.name
        known: tuple[str, ...] = getattr(self.kind, "TABLES", ())
        return next((name for name in known if (self.folder / name).is_file()), "")

    @property
    def has_records_table(self) -> bool:
        """Whether a table was given that names its columns, which a corpus's own reference need not do."""
        is_reference = getattr(self.kind, "is_reference", None)
        return self.labels is not None and not (is_reference is not None and is_reference(self.labels))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The records in the order of their keys.

        Raises:
            CorpusError: there is none, or the table of what is known about them cannot be used.
        """
        found = sorted(self.kind.entries(self.folder, self.labels, self.columns), key=lambda entry: entry.key)
        if not found:
            raise CorpusError(f"There is no record of the kind {self.name} in the folder {self.folder.name}.")
        return tuple(found)

    @cached_property
    def classes(self) -> LabelSet | None:
        """The label set made of the corpus's own labels; None where its labels belong to a set of the program.

        Classes of a table's 0 and 1 come in the order of its columns, labels in words by name.

        Raises:
            CorpusError: what is said to be labels has more different values than labels have.
        """
        if self.kind.LABELS or self.labels is None:
            return None
        found = {code for entry in self.entries for code in (*(entry.codes or ()), *entry.unknown_codes)}
        own = {code for code in found if not is_snomed(code)}
        if not own:
            return None
        columns = self.columns or guess_columns(self.labels)
        listed = columns.labels if own <= set(columns.labels) else tuple(sorted(own))
        if len(listed) > MOST_LABELS:
            column = columns.labels[0]
            raise CorpusError(f"The column {column!r} holds {len(listed)} different labels; name one with at most 200.")
        return own_label_set(self.folder.name, listed)

    @property
    def digest(self) -> str:
        """SHA-256 over all that is known about the records before any is read."""
        known = [{**asdict(entry), "path": entry.path.name} for entry in self.entries]
        return hashlib.sha256(json.dumps([self.name, known]).encode()).hexdigest()


def source_names() -> list[str]:
    """List the kinds of corpora that can be packed."""
    return [kind.NAME for kind in KINDS]


def open_source(name: str | None, folder: Path, labels: Path | None = None, columns: ColumnMap | None = None) -> Source:
    """Give a folder of records as a corpus.

    Args:
        name: kind of the corpus; None finds out.
        folder: where the records lie.
        labels: a table of what is known about them.
        columns: which column of the table says what; None guesses from their names.

    Raises:
        CorpusError: the folder is missing or of no known kind, or there is no such kind.
    """
    if name is not None and name not in source_names():
        raise CorpusError(f"There is no kind of corpus {name!r}: {nearest(name, source_names())}")
    if not folder.is_dir():
        raise CorpusError(f"There is no folder {folder.name!r}.")
    folder = folder.resolve()
    kinds = [kind for kind in KINDS if (kind.takes(folder) if name is None else name == kind.NAME)]
    if not kinds:
        raise CorpusError(f"The folder {folder.name} holds no records of a known kind ({', '.join(source_names())}).")
    return Source(kinds[0], folder, labels, columns)


def find_folders(root: Path) -> list[Path]:
    """List the folders directly below a root that hold records of a known kind, by name."""
    folders = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    return [path for path in folders if not path.name.startswith(".") and any(kind.takes(path) for kind in KINDS)]


def keep_label_set(folder: Path, classes: LabelSet | None) -> None:
    """Put the label set of a corpus's own labels into a pack's folder, where `load_label_set` finds it by that path.

    Raises:
        OwnFault: the disk refused.
    """
    if classes is not None:
        replace_file(folder / CLASSES, label_set_csv(classes))


def label_set_of(pack: Path, kind: str) -> str:
    """Give the label set that a pack is best trained on: a name, or the pack's own path if it has labels of its own.

    Args:
        pack: folder of the pack.
        kind: kind of the corpus it was made of.
    """
    if (pack / CLASSES).is_file():
        return str(pack)
    own = next((found.LABELS for found in KINDS if kind == found.NAME), "")
    return own if own in label_set_names() else "cinc2020"
