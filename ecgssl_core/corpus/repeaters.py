"""Who is tested where persons are told apart: those with several recordings, none of whom trains."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecgssl_core.errors import CorpusError

from .division import divide
from .folds import Rows, read_folds
from .groups import group_rows
from .leaks import related_rows
from .pack import Pack


@dataclass(frozen=True, eq=False)
class Persons:
    """Records by what they are for; no person is in two parts.

    train: rows of each pack whose persons train; gallery, probes: rows of the first pack, the first and the second
    recording of each tested person, in the same order; strangers: rows of the first pack, one of each person who
    neither trains nor is tested: they make the gallery larger, and on them thresholds are chosen.
    """

    train: tuple[tuple[Pack, Rows], ...]
    gallery: Rows
    probes: Rows
    strangers: Rows

    @property
    def held(self) -> Rows:
        """Rows of the first pack that do not train."""
        return np.unique(np.concatenate([self.gallery, self.probes, self.strangers]))


def part_persons(pack: Pack, further: Sequence[Pack], fold: int) -> Persons:
    """Give the parts: tested are all persons with several recordings, or with a fold those of the test fold.

    Recordings stand in the order of their names, for packs hold no dates; copies of one recording count once. Strangers
    are the other persons of the test and the validation fold (of fold 0 where none is given).

    Args:
        pack: holds the persons who are tested, has folds.
        further: packs that only train; whoever is kin to a held-out record is left out.
        fold: the test fold, or -1.

    Raises:
        CorpusError: nobody has two recordings.
    """
    division = divide(pack, read_folds(pack), max(fold, 0))
    out = np.concatenate([division.test, division.validation])
    groups = group_rows(pack)
    several = _several(pack)
    if fold >= 0:
        several = [rows for rows in several if np.isin(rows, division.test).all()]
    if not several:
        raise CorpusError(f"Nobody in {pack.name} has two recordings; persons cannot be told apart there.")
    tested = np.array(sorted(rows[0] for rows in several))
    second = {rows[0]: rows[1] for rows in several}
    probes = np.array([second[row] for row in tested])
    ties = groups[np.concatenate([tested, probes])]
    free = out[~np.isin(groups[out], ties)]
    strangers = np.sort(free[np.unique(groups[free], return_index=True)[1]])
    held = np.flatnonzero(np.isin(groups, [*ties, *groups[out]]))
    train = [(pack, np.setdiff1d(np.arange(len(pack)), held))]
    train += [(one, np.setdiff1d(np.arange(len(one)), related_rows(one, pack, held))) for one in further]
    return Persons(tuple(train), tested, probes, strangers)


def _several(pack: Pack) -> list[list[int]]:
    """Give the rows of each person with two different recordings or more, by name; tied recordings count as one."""
    table = pack.table
    known = table["patient"].notna()
    found = []
    for _, rows in table[known].groupby("patient").groups.items():
        ordered = sorted((int(row) for row in rows), key=lambda row: str(table["key"].iloc[row]))
        different = list({str(table["sha256"].iloc[row]): row for row in reversed(ordered)}.values())[::-1]
        if len(different) > 1:
            found.append(different)
    return found
