"""What an output earns in the challenge metric, for any label set: the challenges' own weights where they apply."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecgssl_core.evaluation.arrays import Floats
from ecgssl_core.evaluation.challenge import challenge_weights
from ecgssl_core.evaluation.challenge_classes import NORMAL_CODE, YEARS, challenge_classes


@dataclass(frozen=True, eq=False)
class Credit:
    """How outputs are rewarded.

    weights: (true classes, output classes).
    normal: place of the class whose answer for every record earns 0.
    year: of the challenge whose weights they are; None for weights of 1 on the diagonal.
    """

    weights: Floats
    normal: int
    year: int | None


def credit_of(codes: Sequence[str]) -> Credit:
    """Give the rewards of a label set: those of 2020 or of 2021 if all of its classes are scored there.

    Any other set, such as a person's own labels, has no weights of its own: a right class earns 1, a wrong one nothing,
    and answering the set's first class for every record earns 0.

    Args:
        codes: code of each class, in the set's order.
    """
    for year in YEARS:
        if NORMAL_CODE in codes and all(code in challenge_classes(year).places for code in codes):
            return Credit(challenge_weights(codes, year), list(codes).index(NORMAL_CODE), year)
    return Credit(np.eye(len(codes)), 0, None)
