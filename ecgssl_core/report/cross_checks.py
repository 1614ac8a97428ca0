"""Two tests beside the bootstrap, on one record of each patient: McNemar on exact matches, DeLong class by class."""

from dataclasses import dataclass

import numpy as np

from ecgssl_core.evaluation import AurocDifferences, ExactMatches, delong, holm, mcnemar
from ecgssl_core.report.pooling import Pool

LEVEL = 0.05


@dataclass(frozen=True, eq=False)
class CrossChecks:
    """Both tests of two pools, DeLong's p-values after Holm's correction over the classes, and how many records.

    `corrected` holds a value for each class, NaN where the class has no two positives and two negatives.
    """

    exact: ExactMatches
    auroc: AurocDifferences
    corrected: tuple[float, ...]
    records: int

    @property
    def higher(self) -> int:
        """How many classes have a higher AUROC in the first pool, after the correction."""
        return self._counted(1)

    @property
    def lower(self) -> int:
        """How many have a lower one."""
        return self._counted(-1)

    @property
    def tested(self) -> int:
        """How many classes could be tested."""
        return sum(p == p for p in self.corrected)

    def _counted(self, sign: int) -> int:
        return int(((np.array(self.corrected) < LEVEL) & (sign * self.auroc.difference > 0)).sum())


def cross_check(first: Pool, second: Pool) -> CrossChecks:
    """Give both tests.

    Args:
        first: one system's answers.
        second: the other's, of the same records.

    Raises:
        ValueError: the pools hold different records.
    """
    if not np.array_equal(first.keys, second.keys):
        raise ValueError("a difference needs the same records on both sides")
    _, rows = np.unique(first.patients, return_index=True)
    labels = first.labels[rows]
    auroc = delong(labels, first.scores[rows], second.scores[rows])
    corrected = holm({str(place): p for place, p in enumerate(auroc.p.tolist())})
    return CrossChecks(
        mcnemar(labels, first.outputs[rows], second.outputs[rows]), auroc, tuple(corrected.values()), len(rows)
    )
