"""What is known of a folder of records before it is packed: patients, published folds, and how often classes occur."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.labels import LabelSet, load_label_set, snomed_codes
from ecgssl_core.corpus.source import Source
from ecgssl_core.corpus.summary import age_bands
from ecgssl_core.corpus.survey import Seen

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
        people: records of each age band by sex, as of `summary.age_bands`.
    """

    records: int
    patients: dict[str, int | None]
    folds: dict[int, int]
    names: tuple[str, ...]
    by_source: dict[str, list[int]]
    together: NDArray[np.int64]
    people: pd.DataFrame


def outlook(source: Source, looked: Sequence[Seen] = ()) -> Outlook:
    """Give what is known of a corpus without reading more of it.

    Args:
        source: the corpus.
        looked: records that were looked at; what their files say is used where the corpus's tables say nothing.
    """
    seen = {one.key: one.codes for one in looked}
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
        people=_people(source.entries, looked),
    )


def _codes(entry: Entry, seen: Mapping[str, Sequence[str]]) -> Sequence[str] | None:
    if entry.codes is not None:
        return entry.codes
    return snomed_codes(tuple(seen[entry.key])) if entry.key in seen else None


def _people(entries: Sequence[Entry], looked: Sequence[Seen]) -> pd.DataFrame:
    files = {one.key: one for one in looked}
    known = [
        (entry.age if entry.age is not None else there.age if there else None, entry.sex or (there and there.sex))
        for entry in entries
        for there in [files.get(entry.key)]
        if there is not None or entry.age is not None or entry.sex
    ]
    age = np.array([np.nan if years is None else years for years, _ in known], dtype=np.float64)
    return age_bands(age, np.array([sex or "unknown" for _, sex in known], dtype=object))


def _patients(entries: Sequence[Entry]) -> dict[str, int | None]:
    people: dict[str, set[str]] = {}
    for entry in entries:
        people.setdefault(entry.source, set()).update([entry.patient] if entry.patient else [])
    return {name: len(found) or None for name, found in sorted(people.items())}


def _abbreviations(classes: LabelSet, places: NDArray[np.int64]) -> tuple[str, ...]:
    return tuple(classes.abbreviations[place] for place in places)
