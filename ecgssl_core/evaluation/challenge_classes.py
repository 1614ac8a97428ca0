"""The scored classes of the challenges of 2020 and 2021: codes that mean the same, their order, their weights.

The tables and their licence (BSD 2-Clause) lie in `tables/`.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from ecgssl_core.evaluation.arrays import Floats

# sinus rhythm, SNOMED CT: the one output that the metric counts as "nothing found"
NORMAL_CODE = "426783006"

YEARS = (2020, 2021)


@dataclass(frozen=True, eq=False)
class ChallengeClasses:
    """The classes of one year in the order of its weights.

    Attributes:
        year: 2020 or 2021.
        groups: of each class the SNOMED CT codes that mean it; the first stands for all.
        weights: (true classes, output classes) of the challenge metric.
    """

    year: int
    groups: tuple[tuple[str, ...], ...]
    weights: Floats

    @property
    def codes(self) -> tuple[str, ...]:
        """The code that stands for each class."""
        return tuple(group[0] for group in self.groups)

    @property
    def normal(self) -> int:
        """The place of sinus rhythm."""
        return self.codes.index(NORMAL_CODE)

    @property
    def places(self) -> dict[str, int]:
        """The class of each scored code, by its place."""
        return {code: place for place, group in enumerate(self.groups) for code in group}


@cache
def challenge_classes(year: int) -> ChallengeClasses:
    """Give the scored classes of a year: 24 of 2020 (Perez Alday et al. 2020), 26 of 2021 (Reyna et al. 2021).

    Raises:
        ValueError: the challenge of that year had other tasks.
    """
    if year not in YEARS:
        raise ValueError(f"the challenges with these classes are those of 2020 and 2021, not of {year}")
    table = files("ecgssl_core.evaluation") / "tables" / f"challenge_{year}.csv"
    header, *rows = csv.reader(table.read_text(encoding="utf-8").splitlines())
    groups = tuple(tuple(name.split("|")) for name in header[1:])
    weights = np.array([[float(cell) for cell in row[1:]] for row in rows])
    weights.flags.writeable = False  # kept for all who ask
    return ChallengeClasses(year, groups, weights)
