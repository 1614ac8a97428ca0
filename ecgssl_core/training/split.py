"""The labelled records of one fold's three parts."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.division import divide
from ecgssl_core.corpus.folds import read_folds
from ecgssl_core.corpus.labels import LabelSet, load_label_set
from ecgssl_core.corpus.leaks import hashes_seen, refuse_leaks
from ecgssl_core.corpus.pack import Pack, open_pack, require_leads
from ecgssl_core.settings import Settings
from ecgssl_core.signals.leads import LEADS

from .recordings import Rows


@dataclass(frozen=True, eq=False)
class Split:
    """A pack with its label matrix (records, classes), and the rows to train on, to decide on and to score once."""

    pack: Pack
    classes: LabelSet
    labels: NDArray[np.int8]
    train: Rows
    validation: Rows
    test: Rows
    folds_digest: str
    fold_count: int

    def patients(self, rows: Rows) -> NDArray[np.object_]:
        """Give the patient of each row; where nobody knows, the record stands for itself."""
        table = self.pack.table.iloc[rows]
        patients = table["patient"].where(table["patient"].notna(), table["key"])
        return patients.to_numpy(dtype=object)


def split(settings: Settings) -> Split:
    """Give the labelled rows of a fold, or of a source that is held out.

    A record without any scored label is left out, as in Phan et al. 2022.

    Raises:
        CorpusError: the pack or its folds are missing, or it lacks leads that the network needs.
        LeakError: the folds leak.
    """
    pack = open_pack(Path(settings.data.pack))
    if not settings.input.fewer_leads:
        require_leads(pack, LEADS)
    folds = read_folds(pack)
    refuse_leaks(pack, folds)
    classes = load_label_set(settings.data.classes)
    labels = pack.labels(classes)
    labelled = np.flatnonzero((labels == 1).any(axis=1))
    parts = divide(pack, folds, settings.data.fold, settings.data.source)
    train, validation, test = (np.intersect1d(rows, labelled) for rows in (parts.train, parts.validation, parts.test))
    part = Split(pack, classes, labels, train, validation, test, folds.digest, folds.count)
    return replace(part, train=_share(part, settings.data.label_share, settings.training.seed))


def must_be_new(part: Split, settings: Settings) -> set[str]:
    """Give the hashes of the records that no pretraining may have seen: those held out, or all that the pack holds."""
    everything = settings.data.exposure == "external_pure"
    rows = np.arange(len(part.pack)) if everything else np.concatenate([part.validation, part.test])
    return set(hashes_seen(part.pack, rows))


def _share(part: Split, share: float, seed: int) -> Rows:
    """Give the training rows of a share of the training patients, the same for all arms of a seed.

    Patients come in the order of a seeded hash: a smaller share lies within a larger one.
    """
    if share == 1.0:
        return part.train
    patients = part.patients(part.train).astype(str)
    order = sorted(set(patients), key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())
    chosen = order[: max(1, round(share * len(order)))]
    return part.train[np.isin(patients, chosen)]
