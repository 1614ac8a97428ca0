"""What a folder of records has become since it was packed: kept, new, changed and gone records."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.crew import BY_CHANCE, Crew, hashed
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.origins import ORIGINS, entry_digest, read_rows
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.source import Source
from ecgssl_core.corpus.tables import VERSIONS
from ecgssl_core.errors import CorpusError
from ecgssl_core.records.read import gather

SHOWN = 3  # keys in a sentence
MOST_GONE = 0.5
_Pair = tuple[int, Entry | None, dict[str, Any] | None]  # place of the record in the corpus


@dataclass(frozen=True)
class Changes:
    """What a second run finds.

    Args:
        kept: how many records are as they were, refused ones among them.
        added: keys of records that were not there.
        changed: keys of records whose files, or what is known about them from beside the files, are others now.
        gone: keys of records that are no longer in the folder.
    """

    kept: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)

    def sentence(self) -> str:
        """Give the changes in one sentence."""
        parts = [f"{self.kept:,} records are as they were"]
        for keys, what in ((self.added, "new"), (self.changed, "changed"), (self.gone, "no longer in the folder")):
            if keys:
                named = ", ".join(keys[:SHOWN]) + (", …" if len(keys) > SHOWN else "")
                parts.append(f"{len(keys):,} {what} ({named})")
        return "; ".join(parts) + "."


def find_changes(source: Source, pack: Pack, crew: Crew) -> tuple[Changes, NDArray[np.bool_]]:
    """Compare a corpus with a pack of it, by hash of every file.

    Args:
        source: the corpus as it is now.
        pack: the pack.
        crew: whose threads read the files.

    Returns:
        The changes, and for each record of the corpus whether it may be taken from the pack. Where something changed
        and the pack is of another version of the program, of NumPy or SciPy, none may.

    Raises:
        CorpusError: most of what the pack holds is gone: it is a pack of something else.
    """
    entries = source.entries
    if not (pack.path / ORIGINS).is_file():
        return _by_key(source, pack), np.zeros(len(entries), dtype=bool)
    as_before = np.zeros(len(entries), dtype=bool)
    found: dict[str, list[str]] = {"added": [], "changed": [], "gone": []}
    for place, key, what in crew.in_order(_judged, _pairs(entries, read_rows(pack.path / ORIGINS))):
        if what == "kept":
            as_before[place] = True
        else:
            found[what].append(key)
    changes = Changes(int(as_before.sum()), *(tuple(keys) for keys in found.values()))
    _refuse_another(changes, pack)
    if changes and pack.manifest.get("versions") != VERSIONS:
        as_before[:] = False
    return changes, as_before


def _by_key(source: Source, pack: Pack) -> Changes:
    """Compare with a pack of a version that kept no origins: it is of the same, or every record is read again."""
    if pack.manifest.get("entries") == source.digest:
        return Changes(len(source.entries), (), (), ())
    before = {*pack.table["key"], *pack.refused["key"]}
    now = [entry.key for entry in source.entries]
    changes = Changes(
        0,
        tuple(key for key in now if key not in before),
        tuple(key for key in now if key in before),
        tuple(sorted(before - set(now))),
    )
    _refuse_another(changes, pack)
    return changes


def _refuse_another(changes: Changes, pack: Pack) -> None:
    gone = len(changes.gone)
    held = changes.kept + len(changes.changed) + gone
    if gone > MOST_GONE * held:
        raise CorpusError(
            f"{pack.name} is a pack of something else already: {gone:,} of its {held:,} records are not in the folder; "
            "choose another name."
        )


def _pairs(entries: Sequence[Entry], origins: Iterator[dict[str, Any]]) -> Iterator[_Pair]:
    """Give each record of the corpus with its origin, both in the order of their keys; either may be missing."""
    origin = next(origins, None)
    for place, entry in enumerate(entries):
        while origin is not None and origin["key"] < entry.key:
            yield place, None, origin
            origin = next(origins, None)
        if origin is not None and origin["key"] == entry.key:
            yield place, entry, origin
            origin = next(origins, None)
        else:
            yield place, entry, None
    while origin is not None:
        yield len(entries), None, origin
        origin = next(origins, None)


def _judged(pair: _Pair) -> tuple[int, str, str]:
    place, entry, origin = pair
    if entry is None:
        return place, "" if origin is None else str(origin["key"]), "gone"
    if origin is None:
        return place, entry.key, "added"
    # a refusal by chance is no property of the files
    same = origin["kind"] not in BY_CHANCE and origin["entry"] == entry_digest(entry)
    same = same and origin["files"] == json.dumps(hashed(gather([entry.path])[0]))
    return place, entry.key, "kept" if same else "changed"
