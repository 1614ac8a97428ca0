"""What Train must know of a pack before a training begins: folds, sources, and how many records would be trained on."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ecgssl_core.corpus.division import divide
from ecgssl_core.corpus.folds import FOLDS, Folds, Rows, read_folds
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.pack import MANIFEST, Pack, open_pack
from ecgssl_core.corpus.source import label_set_of
from ecgssl_core.errors import CorpusError
from ecgssl_core.settings import Settings


@dataclass(frozen=True)
class PackFacts:
    """Number of records and of folds of a pack, and its sources."""

    records: int
    folds: int
    sources: tuple[str, ...]


def pack_stamp(pack: Path) -> tuple[int, ...]:
    """Give what changes when the pack or its folds change; reading it costs next to nothing."""
    files = (pack / MANIFEST, pack / FOLDS)
    return tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)


@lru_cache(64)
def pack_facts(pack: Path, _stamp: tuple[int, ...]) -> PackFacts:
    """Give what must be known of a pack.

    Raises:
        CorpusError: the pack is damaged, or has no folds yet.
    """
    whole, folds, _ = _opened(pack, _stamp)
    return PackFacts(len(whole), folds.count, tuple(sorted(whole.table["source"].dropna().astype(str).unique())))


@lru_cache(256)
def labelled_and_all(pack: Path, _stamp: tuple[int, ...], fold: int, source: str) -> tuple[int, int]:
    """Give the training records of a fold or of a source held out: those with a scored label, and all.

    Raises:
        CorpusError: the pack or its folds are damaged, or there is no such fold or source.
    """
    whole, folds, labelled = _opened(pack, _stamp)
    if fold < 0:
        return len(whole), len(whole)
    train = divide(whole, folds, fold, source).train
    return len(np.intersect1d(train, labelled)), len(train)


@lru_cache(4)
def _opened(pack: Path, _stamp: tuple[int, ...]) -> tuple[Pack, Folds, Rows]:
    """Give a pack, its folds, and the rows with a scored label."""
    whole = open_pack(pack)
    labels = whole.labels(load_label_set(label_set_of(pack, str(whole.manifest.get("source", "")))))
    return whole, read_folds(whole), np.flatnonzero((labels == 1).any(axis=1))


def records_for(settings: Settings) -> int:
    """Give how many records a training sees, those of further packs counted whole.

    Raises:
        CorpusError: a pack or its folds are missing or damaged.
    """
    part, pack = settings.data, Path(settings.data.pack)
    fold = -1 if part.exposure == "transductive" and settings.pretrains else part.fold
    labelled, whole = labelled_and_all(pack, pack_stamp(pack), fold, part.source)
    whole = 0 if part.exposure == "external_pure" else whole
    if not settings.pretrains:
        return max(1, round(part.label_share * labelled))
    further = [Path(name) for name in part.unlabelled]
    if missing := next((path for path in further if not path.is_dir()), None):
        raise CorpusError(f"The pack {missing.name} is not there any more; leave it out.")
    return whole + sum(len(open_pack(path)) for path in further)
