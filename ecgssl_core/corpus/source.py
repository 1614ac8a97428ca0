"""A corpus as it lies in a folder: which kind it is, and its records one by one."""

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
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.errors import CorpusError, nearest

__all__ = ["Entry", "Source", "find_folders", "open_source", "source_names"]


class Kind(Protocol):
    """What each file in `sources/` offers."""

    NAME: str
    GENERAL: bool  # takes whatever no other kind takes

    def takes(self, folder: Path) -> bool:
        """Say whether the folder is of this kind."""

    def entries(self, folder: Path, labels: Path | None) -> Iterator[Entry]:
        """Give the records of the folder, by key."""


KINDS = sorted(
    (cast(Kind, import_module(f"{sources.__name__}.{found.name}")) for found in pkgutil.iter_modules(sources.__path__)),
    key=lambda kind: (kind.GENERAL, kind.NAME),
)


@dataclass(frozen=True)
class Source:
    """A folder of records, of one kind.

    Args:
        kind: the file in `sources/` that knows its layout.
        folder: where the records lie.
        labels: a table of what is known about them, or None.
    """

    kind: Kind
    folder: Path
    labels: Path | None

    @property
    def name(self) -> str:
        """The name of the kind."""
        return self.kind.NAME

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The records in the order of their keys.

        Raises:
            CorpusError: there is none, or the table of what is known about them cannot be used.
        """
        found = tuple(self.kind.entries(self.folder, self.labels))
        if not found:
            raise CorpusError(f"There is no record of the kind {self.name} in the folder {self.folder.name}.")
        return found

    @property
    def digest(self) -> str:
        """SHA-256 over all that is known about the records before any is read."""
        known = [{**asdict(entry), "path": entry.path.name} for entry in self.entries]
        return hashlib.sha256(json.dumps([self.name, known]).encode()).hexdigest()


def source_names() -> list[str]:
    """List the kinds of corpora that can be packed."""
    return [kind.NAME for kind in KINDS]


def open_source(name: str | None, folder: Path, labels: Path | None = None) -> Source:
    """Give a folder of records as a corpus.

    Args:
        name: kind of the corpus; None finds out.
        folder: where the records lie.
        labels: a table of what is known about them.

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
    return Source(kinds[0], folder, labels)


def find_folders(root: Path) -> list[Path]:
    """List the folders directly below a root that hold records of a known kind, by name."""
    folders = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    return [path for path in folders if not path.name.startswith(".") and any(kind.takes(path) for kind in KINDS)]
