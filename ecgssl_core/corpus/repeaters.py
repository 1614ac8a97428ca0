"""Who is tested where persons are told apart: those with several recordings, none of whom trains."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import CorpusError

from .folds import Folds, Rows, read_folds
from .groups import group_rows, links
from .leaks import refuse_leaks, related_rows
from .pack import Pack
from .recorded import Moments

_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class Persons:
    """Records by what they are for; no person is in two parts.

    train: rows of each pack whose persons train; gallery, probes: rows of the first pack, the first and the second
    recording of each tested person, in the same order; strangers: rows of the first pack, one of each person who
    neither trains nor is tested: they make the gallery larger; others: such rows, of other persons, on whom thresholds
    are chosen; days: between the two recordings of each tested person, NaN where nobody says; order: what decided
    which recording is the first.
    """

    train: tuple[tuple[Pack, Rows], ...]
    gallery: Rows
    probes: Rows
    strangers: Rows
    others: Rows
    days: NDArray[np.float64]
    order: str

    @property
    def held(self) -> Rows:
        """Rows of the first pack that do not train."""
        return np.unique(np.concatenate([self.gallery, self.probes, self.strangers, self.others]))


def part_persons(
    pack: Pack, further: Sequence[Pack], fold: int, deciding: int = 1, dates: Moments | None = None
) -> Persons:
    """Give the parts: tested are all persons with several recordings, or with a fold those of the test fold.

    The earlier recording is in the gallery, by date where all of a person's are known, else by name; copies and doubles
    of one recording count once. Strangers are the other persons of the test fold (of fold 0 where none is given), and
    thresholds are chosen on those of the folds that follow it in a ring.

    Args:
        pack: holds the persons who are tested, has folds.
        further: packs that only train; whoever is kin to a held-out record is left out.
        fold: the test fold, or -1.
        deciding: how many folds thresholds are chosen on; one fold at least remains to train on.
        dates: (records,) when each record of the pack was made.

    Raises:
        CorpusError: nobody has two recordings, there is no such fold, or nobody is left to choose thresholds on.
        LeakError: the folds leak.
    """
    folds, groups = read_folds(pack), group_rows(pack)
    refuse_leaks(pack, folds)
    test = folds.test(max(fold, 0))
    following = {(max(fold, 0) + step) % folds.count for step in range(1, min(deciding, folds.count - 2) + 1)}
    several = _several(pack, dates)
    if fold >= 0:
        several = [rows for rows in several if np.isin(rows, test).all()]
    if not several:
        raise CorpusError(f"{_nobody(pack, folds, fold)} has two recordings; persons cannot be told apart there.")
    several.sort()
    gallery, probes = (np.array([rows[place] for rows in several], dtype=np.int64) for place in (0, 1))
    ties = groups[np.concatenate([gallery, probes])]
    strangers = _one_each(test, groups, ties)
    others = _one_each(np.flatnonzero(np.isin(folds.fold, sorted(following))), groups, [*ties, *groups[test]])
    if len(others) < 2:
        raise CorpusError(f"{pack.name} leaves nobody to choose thresholds on; draw its folds anew, or set fold=-1.")
    out = np.concatenate([test, np.flatnonzero(np.isin(folds.fold, sorted(following)))])
    held = np.flatnonzero(np.isin(groups, [*ties, *groups[out]]))
    train = [(pack, np.setdiff1d(np.arange(len(pack)), held))]
    train += [(one, np.setdiff1d(np.arange(len(one)), related_rows(one, pack, held))) for one in further]
    days = np.full(len(gallery), np.nan) if dates is None else (dates[probes] - dates[gallery]) / _DAY
    dated = np.isfinite(days)
    undated = f"by name: no dates are known of {int((~dated).sum())} of {len(days)} persons"
    order = "by date" if dated.all() else undated
    return Persons(tuple(train), gallery, probes, strangers, others, days, order)


def _nobody(pack: Pack, folds: Folds, fold: int) -> str:
    return f"Nobody in {pack.name}" if fold < 0 else f"Nobody in fold {fold} of {folds.count} of {pack.name}"


def _one_each(rows: Rows, groups: Rows, without: Sequence[int] | Rows) -> Rows:
    """Give a row of each group of some rows, the first, without those of some groups."""
    free = rows[~np.isin(groups[rows], without)]
    found: Rows = np.sort(free[np.unique(groups[free], return_index=True)[1]])
    return found


def _several(pack: Pack, dates: Moments | None) -> list[list[int]]:
    """Give the rows of each person with two different recordings or more, the earliest first."""
    table, double = pack.table, _doubles(pack)
    keys = table["key"].astype(str).tolist()
    found = []
    for _, indices in table[table["patient"].notna()].groupby("patient").indices.items():
        rows = np.flatnonzero(table["patient"].notna())[indices].tolist()
        known = dates is not None and not np.isnat(dates[rows]).any()
        ordered = sorted(rows, key=lambda row: (dates[row] if dates is not None and known else 0, keys[row]))
        different: dict[int, int] = {}
        for row in ordered:
            different.setdefault(int(double[row]), row)
        if len(different) > 1:
            found.append(list(different.values()))
    return found


def _doubles(pack: Pack) -> Rows:
    """Give each record a number, the same for records that are one recording under several names; (records,)."""
    number = np.arange(len(pack))
    for kind, rows in links(pack):
        if kind != "patient":
            same = np.isin(number, number[rows])
            number[same] = number[rows].min()
    return number
