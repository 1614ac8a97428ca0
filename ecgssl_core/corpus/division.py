"""A labelled corpus in three: what is trained on, what is decided on, what is scored once."""

from dataclasses import dataclass

import numpy as np

from ecgssl_core.corpus.folds import Folds, Rows
from ecgssl_core.corpus.groups import group_rows
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.errors import CorpusError, nearest


@dataclass(frozen=True, eq=False)
class Division:
    """Rows of a pack, in three parts that share no patient and no signal."""

    train: Rows
    validation: Rows
    test: Rows


def divide(pack: Pack, folds: Folds, fold: int, source: str = "") -> Division:
    """Give the parts of a fold, or those of a source that is held out as a whole.

    Args:
        pack: the corpus.
        folds: its folds.
        fold: the test fold; with a source, the fold before that of which the other sources decide.
        source: nothing of it, nor of its patients, is trained or decided on; the others have no test part.

    Raises:
        CorpusError: there is no such fold or source, or nothing is left beside it.
    """
    if not source:
        return Division(folds.train(fold), folds.validation(fold), folds.test(fold))
    held = (pack.table["source"] == source).to_numpy()
    if not held.any():
        known = sorted(pack.table["source"].dropna().astype(str).unique())
        raise CorpusError(f"{pack.name} has no source {source!r}: {nearest(source, known)}")
    groups = group_rows(pack)
    free = np.flatnonzero(~np.isin(groups, groups[held]))
    if not free.size:
        raise CorpusError(f"All records of {pack.name} belong to {source}; there is nothing left to train on.")
    validation = np.intersect1d(folds.validation(fold), free)
    return Division(np.setdiff1d(free, validation), validation, np.flatnonzero(held))
