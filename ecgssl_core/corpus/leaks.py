"""What would make a score dishonest: the same patient or signal on both sides of a fold, or seen in pretraining."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.folds import Folds
from ecgssl_core.corpus.groups import links, recording_name
from ecgssl_core.corpus.near_groups import near_rows
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.errors import LeakError

WORDS = {
    "patient": "are of one patient",
    "signal": "hold the same signal",
    "recording": "are one recording by their names",
    "near": "are near duplicates in lead II",
    "same_signal": "are one recording",
}


@dataclass(frozen=True)
class Leak:
    """Records that belong together and are in different folds.

    Args:
        kind: patient, signal (equal hashes), recording (by its public name), near (lead II correlates above 0.999) or
            same_signal (the corpus says so).
        keys: the records.
        folds: fold of each.
    """

    kind: str
    keys: tuple[str, ...]
    folds: tuple[int, ...]


def find_leaks(pack: Pack, folds: Folds) -> list[Leak]:
    """List the ties between records that go across folds, each pair of one recording once."""
    keys = list(pack.table["key"])
    leaks = (
        Leak(kind, tuple(keys[row] for row in rows), tuple(int(folds.fold[row]) for row in rows))
        for kind, rows in links(pack)
    )
    return list(dict.fromkeys(leak for leak in leaks if len(set(leak.folds)) > 1))


def refuse_leaks(pack: Pack, folds: Folds) -> None:
    """Do nothing if the folds are clean.

    Raises:
        LeakError: records that belong together are in different folds.
    """
    leaks = find_leaks(pack, folds)
    if leaks:
        first = leaks[0]
        raise LeakError(
            f"The folds of {pack.name} leak in {len(leaks)} places: {' and '.join(first.keys[:2])} "
            f"{WORDS[first.kind]}, in different folds; draw the folds again with `folds`."
        )


def hashes_seen(pack: Pack, rows: Iterable[int]) -> tuple[str, ...]:
    """Give the signal hashes of records, sorted, each once: what a training on them must own to have seen."""
    return tuple(sorted(set(pack.table["sha256"].iloc[list(rows)])))


def related_rows(pack: Pack, other: Pack, held: Iterable[int]) -> NDArray[np.int64]:
    """Give the rows of a pack that share a patient, a signal or a recording with the held-out rows of another pack.

    A pack of further, unlabelled records is trained on without these rows.
    """
    rows = list(held)
    out = other.table.iloc[rows]
    mine = pack.table
    related = mine["sha256"].isin(out["sha256"]) | mine["patient"].isin(out["patient"].dropna())
    names, same = _names(out["key"]), _names(out["same_signal"].dropna())
    tied = [
        _name(key) in same or (isinstance(twin, str) and _name(twin) in names)
        for key, twin in zip(mine["key"], mine["same_signal"], strict=True)
    ]
    public = {recording_name(key) for key in out["key"]} - {None}
    tied = [one or recording_name(key) in public for one, key in zip(tied, mine["key"], strict=True)]
    found = np.flatnonzero(related.to_numpy() | np.array(tied, dtype=bool))
    return np.union1d(found, near_rows(pack, other, rows))


def _names(keys: Iterable[str]) -> set[str]:
    return {_name(key) for key in keys}


def _name(key: str) -> str:
    return key.rpartition("/")[2]  # packs of different folders share the record's name, not the way to it
