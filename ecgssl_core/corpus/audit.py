"""The search for leaks in numbers: how many ties between records the folds keep together, and how many they cut."""

from dataclasses import dataclass

from ecgssl_core.corpus.folds import Folds
from ecgssl_core.corpus.groups import links
from ecgssl_core.corpus.leaks import Leak
from ecgssl_core.corpus.pack import Pack

KINDS = {
    "patient": "one patient",
    "signal": "the same signal",
    "recording": "one recording by name",
    "same_signal": "one recording by the corpus",
    "near": "near copies",
}


@dataclass(frozen=True)
class Audit:
    """What was looked for and found.

    kept, cut: ties of each kind, in the order of KINDS, whose records lie in one fold, and in several. leaks: the
    latter one by one.
    """

    kept: tuple[int, ...]
    cut: tuple[int, ...]
    leaks: tuple[Leak, ...]


def audit(pack: Pack, folds: Folds) -> Audit:
    """Look at every tie between records of a pack."""
    keys = list(pack.table["key"])
    ties = {
        Leak(kind, tuple(keys[row] for row in rows), tuple(int(folds.fold[row]) for row in rows))
        for kind, rows in links(pack)
    }
    leaks = tuple(sorted((tie for tie in ties if len(set(tie.folds)) > 1), key=lambda tie: (tie.kind, tie.keys)))
    counts = {kind: [tie for tie in ties if tie.kind == kind] for kind in KINDS}
    cut = tuple(sum(tie in leaks for tie in counts[kind]) if leaks else 0 for kind in KINDS)
    kept = tuple(len(counts[kind]) - lost for kind, lost in zip(KINDS, cut, strict=True))
    return Audit(kept, cut, leaks)
