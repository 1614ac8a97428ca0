"""Folds of a pack: by patient, stratified within each source, the same for everyone who draws them."""

import csv
import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.corpus.groups import group_rows
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.source import label_set_of
from ecgssl_core.corpus.stratify import stratify
from ecgssl_core.durable import replace_file
from ecgssl_core.errors import CorpusError

FOLDS = "folds.csv"
PUBLISHED_COUNT = 10
AGE_BANDS = (20, 40, 60, 80)  # years at which the next band begins
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Folds:
    """Which fold each record of a pack is in.

    Args:
        fold: from 0, (records,).
        count: number of folds.
        digest: SHA-256 of the fold file.
    """

    fold: Rows
    count: int
    digest: str

    def test(self, fold: int) -> Rows:
        """Give the rows of the fold that is scored once, at the end."""
        return self._rows([fold])

    def validation(self, fold: int) -> Rows:
        """Give the rows that thresholds and the best epoch are chosen on: the fold after the test fold, in a ring."""
        return self._rows([(fold + 1) % self.count])

    def train(self, fold: int) -> Rows:
        """Give the rows of all folds but the test fold and its validation fold."""
        return self._rows(set(range(self.count)) - {fold, (fold + 1) % self.count})

    def _rows(self, folds: Iterable[int]) -> Rows:
        wanted = list(folds)
        if not all(0 <= fold < self.count for fold in wanted):
            raise CorpusError(f"There is no fold {wanted[0]}: this pack has folds 0 to {self.count - 1}.")
        return np.flatnonzero(np.isin(self.fold, wanted))


def make_folds(pack: Pack, count: int = 10, seed: int = 0, published: bool = True, classes: str = "") -> Folds:
    """Draw the folds of a pack and write them into its folder as `folds.csv`.

    A group (patients joined with double recordings) is never divided. Within each source groups are spread by classes,
    sex, age band and length. A source whose records all have a published fold keeps it when ten folds are drawn.

    Args:
        pack: what is divided.
        count: number of folds, 3 at least: test, validation, training.
        seed: of the hashes that break ties.
        published: keep published folds, 1 to 10 as 0 to 9.
        classes: label set whose classes are spread; without it, the one that the pack is best trained on.

    Raises:
        CorpusError: count is too small, or there are fewer groups than folds.
    """
    group = group_rows(pack)
    groups = len(np.unique(group))
    if not 3 <= count <= groups:
        raise CorpusError(
            f"{pack.name} holds {groups} patients or single records; folds can be 3 to as many, not {count}."
        )
    fold = np.full(len(pack), -1, dtype=np.int64)
    if published and count == PUBLISHED_COUNT:
        _keep_published(pack, group, fold)
    _spread(pack, group, fold, _traits(pack, classes), count, seed)
    content = _as_csv(pack, group, fold, count, seed)
    replace_file(pack.path / FOLDS, content)
    return Folds(fold, count, hashlib.sha256(content).hexdigest())


def has_folds(pack: Pack) -> bool:
    """Tell whether folds were made for a pack."""
    return (pack.path / FOLDS).is_file()


def read_folds(pack: Pack) -> Folds:
    """Give the folds that `make_folds` wrote.

    Raises:
        CorpusError: there are none, they are damaged, or they were drawn for other records.
    """
    path = pack.path / FOLDS
    if not path.is_file():
        raise CorpusError(f"{pack.name} has no folds yet; draw them with `folds {pack.name}`.")
    content = path.read_bytes()
    try:
        lines = list(csv.DictReader(io.StringIO(content.decode())))
        fold = np.array([int(line["fold"]) for line in lines], dtype=np.int64)
        count, keys, made_for = int(lines[0]["count"]), [line["key"] for line in lines], lines[0]["pack"]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise CorpusError(f"The folds of {pack.name} are damaged; draw them again with `folds`.") from error
    if made_for != pack.digest or keys != list(pack.table["key"]) or fold.min() < 0 or fold.max() >= count:
        raise CorpusError(f"The folds of {pack.name} were drawn for other records; draw them again with `folds`.")
    return Folds(fold, count, hashlib.sha256(content).hexdigest())


def _keep_published(pack: Pack, group: Rows, fold: Rows) -> None:
    published = pack.table["published_fold"]
    for _, rows in pack.table.groupby("source").indices.items():
        given = published.iloc[rows]
        if given.isna().any() or not given.between(1, PUBLISHED_COUNT).all():
            continue
        fold[rows] = given.to_numpy(dtype=np.int64) - 1
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for row in np.flatnonzero(fold >= 0).tolist():
        votes[int(group[row])][int(fold[row])] += 1
    for row, first in enumerate(group.tolist()):
        if first in votes:  # a double recording may have two published folds: the commoner takes all, or the smaller
            fold[row] = min(votes[first], key=lambda value: (-votes[first][value], value))


def _spread(pack: Pack, group: Rows, fold: Rows, traits: NDArray[np.int64], count: int, seed: int) -> None:
    keys, sources = list(pack.table["key"]), list(pack.table["source"])
    open_rows = np.flatnonzero(fold < 0)
    firsts, place = np.unique(group[open_rows], return_inverse=True)
    sums = np.zeros((len(firsts), traits.shape[1]), dtype=np.int64)
    np.add.at(sums, place, traits[open_rows])
    drawn = np.zeros(len(firsts), dtype=np.int64)
    for source in sorted({sources[first] for first in firsts}):  # a group counts for the source of its first key
        own = np.array([at for at, first in enumerate(firsts) if sources[first] == source])
        drawn[own] = stratify(sums[own], [keys[firsts[at]] for at in own], count, seed)
    fold[open_rows] = drawn[place]


def _traits(pack: Pack, classes: str) -> NDArray[np.int64]:
    """Give what is spread evenly, (records, traits) of 0 and 1; the first column is 1 for every record."""
    table = pack.table
    band = np.digitize(table["age"].to_numpy(dtype=float), AGE_BANDS)  # NaN falls into the last band
    ages = [(band == value) & table["age"].notna().to_numpy() for value in range(len(AGE_BANDS) + 1)]
    sexes = [(table["sex"] == value).to_numpy(dtype=bool) for value in ("female", "male")]
    long = (table["samples"] > table.groupby("source")["samples"].transform("median")).to_numpy()
    own = label_set_of(pack.path, str(pack.manifest.get("source", "")))
    labels = pack.labels(load_label_set(classes or own)) == 1
    return np.column_stack([np.ones(len(pack), dtype=bool), labels, *sexes, *ages, long]).astype(np.int64)


def _as_csv(pack: Pack, group: Rows, fold: Rows, count: int, seed: int) -> bytes:
    keys = pack.table["key"].to_numpy()
    table = pd.DataFrame({"key": keys, "group": keys[group], "fold": fold, "count": count, "seed": seed})
    return table.assign(pack=pack.digest).to_csv(index=False, lineterminator="\n").encode()
