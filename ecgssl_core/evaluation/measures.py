"""All seven metrics of one set of answers under many re-weightings of its records, sorted and compared only once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats, as_labels, as_outputs, as_scores
from ecgssl_core.evaluation.cells import count_cells, label_shares
from ecgssl_core.evaluation.challenge import record_credits, scale_credits
from ecgssl_core.evaluation.metrics import absent_if_unknown, exact_matches
from ecgssl_core.evaluation.ranking import rank, rank_areas

METRICS = ("auroc", "auprc", "accuracy", "f_measure", "f_beta_2", "g_beta_2", "challenge_metric")

# metrics that are one number of a set of records, not a mean over classes
WHOLE = ("accuracy", "challenge_metric")

_BETA = 2.0


class Measures:
    """What labels, scores and outputs give under any counts of the records.

    Args:
        labels: (records, classes), 1, 0 or -1 for unknown.
        scores: (records, classes), any numbers but NaN; only their order matters.
        outputs: (records, classes), 0 or 1.
        weights: (classes, classes) of the challenge metric.
        normal: place of the normal class.

    Raises:
        ValueError: shapes that differ, or values other than these.
    """

    def __init__(
        self, labels: NDArray[Any], scores: NDArray[Any], outputs: NDArray[Any], weights: Floats, normal: int
    ) -> None:
        self.labels = as_labels(labels)
        self._outputs = as_outputs(outputs, self.labels)
        self._certain = absent_if_unknown(self.labels)
        self._shares = label_shares(self._certain)
        self._rankings = rank(self.labels, as_scores(scores, self.labels))
        self._matches = exact_matches(self.labels, self._outputs)
        self._credits = record_credits(self.labels, self._outputs, weights, normal)

    def under(self, counts: Floats) -> dict[str, Floats]:
        """Give each metric, (replicates, classes), or (replicates, 1) for those that are no mean over classes.

        Args:
            counts: (records, replicates), how often each record stands in each replicate.
        """
        roc, precision_recall = rank_areas(self._rankings, counts)
        beta_cells = count_cells(self._certain, self._outputs, counts * self._shares)
        sums = [counts.T @ part for part in (self._credits.observed, self._credits.correct, self._credits.inactive)]
        return {
            "auroc": roc,
            "auprc": precision_recall,
            "accuracy": (counts.T @ self._matches / counts.sum(axis=0))[:, np.newaxis],
            "f_measure": count_cells(self.labels, self._outputs, counts).f(1.0),
            "f_beta_2": beta_cells.f(_BETA),
            "g_beta_2": beta_cells.g(_BETA),
            "challenge_metric": scale_credits(*sums)[:, np.newaxis],
        }
