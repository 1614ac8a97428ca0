"""Records of a pack on the map of a model's features: where each lies, what is known of it, and it as a record."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.corpus.folds import read_folds
from ecgssl_core.corpus.labels import LabelSet, load_label_set
from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.errors import CorpusError
from ecgssl_core.inference.embeddings import open_embeddings
from ecgssl_core.plots.embedding_map import Group
from ecgssl_core.records import Record
from pages.parts.names import plain_text

MOST_POINTS = 4000  # a browser draws so many without holding still
_MOST_GROUPS = 7
_OTHERS = "others"


@dataclass(frozen=True, eq=False)
class PackMap:
    """The points of a pack: table (key, source, fold, labels as words), places (records, 2), label matrix, classes.

    `shown` are the rows that are drawn, all of them where they are few.
    """

    pack: Pack
    table: pd.DataFrame
    places: NDArray[np.float32]
    labels: NDArray[np.int8]
    classes: LabelSet
    shown: NDArray[np.int64]

    @property
    def commonest(self) -> str:
        """The code of the class that most records have."""
        return self.classes.codes[int((self.labels == 1).sum(axis=0).argmax())]


def read_map(path: Path, folder: Path, label_set: str) -> PackMap:
    """Give the points of a pack.

    Raises:
        CorpusError: pack or embeddings are damaged, or do not fit each other.
    """
    pack, classes = open_pack(path), load_label_set(label_set)
    found = open_embeddings(folder)
    if not found.fits(pack):
        raise CorpusError(f"{pack.name} has changed since its features were worked out; read the pack again.")
    labels = pack.labels(classes)
    names = np.array(classes.names, dtype=object)
    try:
        folds = [f"fold {fold}" for fold in read_folds(pack).fold.tolist()]
    except CorpusError:
        folds = ["not divided"] * len(pack)
    table = pd.DataFrame(
        {
            "key": pack.table["key"].astype(str),
            "source": pack.table["source"].astype(str),
            "fold": folds,
            "labels": [", ".join(names[row == 1]) or "none of the classes" for row in labels],
        }
    )
    count = len(pack)
    chance = np.random.default_rng(0)  # the same points at every look
    shown = np.sort(chance.choice(count, MOST_POINTS, replace=False)) if count > MOST_POINTS else np.arange(count)
    return PackMap(pack, table, np.asarray(found.map), labels, classes, shown)


def groups_of(whole: PackMap, names: pd.Series) -> list[Group]:
    """Give the points in groups, the largest first, so that the small lie on top; beyond seven, the rest together.

    Args:
        whole: the points.
        names: of each record the group, (records,).
    """
    names = names.iloc[whole.shown]
    largest = names.value_counts()
    kept = list(largest.index[: _MOST_GROUPS if len(largest) <= _MOST_GROUPS else _MOST_GROUPS - 1])
    names = names.where(names.isin(kept), _OTHERS)
    order = [*([_OTHERS] if len(largest) > _MOST_GROUPS else []), *kept]
    return [_group(whole, plain_text(str(name)), names.index[names == name].to_numpy()) for name in order]


def pack_record(whole: PackMap, row: int) -> Record:
    """Give a record of the pack as every page takes it."""
    pack, about = whole.pack, whole.pack.table.iloc[row]
    age = None if pd.isna(about["age"]) else min(float(about["age"]), 90.0)
    return Record(
        name=str(about["key"]).rsplit("/", 1)[-1],
        signal=pack.signal(row),
        rate=pack.rate,
        leads=pack.leads,
        units=dict.fromkeys(pack.leads, "file"),
        lsb_mv=(float(about["scale_mv"]),) * len(pack.leads),
        age=age,
        sex=about["sex"] if about["sex"] in ("female", "male") else None,
        format="pack",
        codes=(),
        issues=(),
    )


def _group(whole: PackMap, name: str, rows: NDArray[np.int64]) -> Group:
    of = whole.table.iloc[rows]
    words = [
        "<br>".join(escape(plain_text(part)) for part in (key, f"{source}, {fold}", labels))
        for key, source, fold, labels in zip(of["key"], of["source"], of["fold"], of["labels"], strict=True)
    ]
    return Group(escape(name), whole.places[rows], rows.tolist(), words)
