"""What is known of a folder of records before it is packed: patients, published folds, and how often classes occur."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.labels import LabelSet, load_label_set, snomed_codes
from ecgssl_core.corpus.source import Source

DEFAULT = "cinc2020"


@dataclass(frozen=True, eq=False)
class Outlook:
    """A folder before it is packed.

    Args:
        records: whose labels are known, from the corpus's tables or from the records looked at.
        patients: people of each source; None where nobody knows who is who.
        folds: records of each published fold.
        names: classes that occur, abbreviated.
        by_source: records of each class, by source, in the order of names.
        together: records with each pair of classes, (classes, classes).
    """

    records: int
    patients: dict[str, int | None]
    folds: dict[int, int]
    names: tuple[str, ...]
    by_source: dict[str, list[int]]
    together: NDArray[np.int64]


def outlook(source: Source, seen: Mapping[str, Sequence[str]]) -> Outlook:
    """Give what is known of a corpus without reading more of it.

    Args:
        source: the corpus.
        seen: codes of the records that were looked at, by key; used where the corpus's tables say nothing.
    """
    classes = source.classes or load_label_set(source.kind.LABELS or DEFAULT)
    labelled = [(entry.source, codes) for entry in source.entries if (codes := _codes(entry, seen)) is not None]
    rows = np.array([classes.encode(codes) for _, codes in labelled] or np.zeros((0, len(classes)))) == 1
    occurring = np.flatnonzero(rows.any(axis=0))
    present = rows[:, occurring].astype(np.int64)
    origin = np.array([name for name, _ in labelled])
    names = sorted({entry.source for entry in source.entries})
    return Outlook(
        records=len(labelled),
        patients=_patients(source.entries),
        folds=dict(sorted(Counter(one.published_fold for one in source.entries if one.published_fold).items())),
        names=_abbreviations(classes, occurring),
        by_source={name: present[origin == name].sum(axis=0).tolist() for name in names} if labelled else {},
        together=present.T @ present,
    )


def _codes(entry: Entry, seen: Mapping[str, Sequence[str]]) -> Sequence[str] | None:
    if entry.codes is not None:
        return entry.codes
    return snomed_codes(tuple(seen[entry.key])) if entry.key in seen else None


def _patients(entries: Sequence[Entry]) -> dict[str, int | None]:
    people: dict[str, set[str]] = {}
    for entry in entries:
        people.setdefault(entry.source, set()).update([entry.patient] if entry.patient else [])
    return {name: len(found) or None for name, found in sorted(people.items())}


def _abbreviations(classes: LabelSet, places: NDArray[np.int64]) -> tuple[str, ...]:
    return tuple(classes.abbreviations[place] for place in places)
