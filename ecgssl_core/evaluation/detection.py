"""How well one class is found at one threshold, with intervals over patients."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats, as_labels, as_scores
from ecgssl_core.evaluation.cells import count_cells
from ecgssl_core.evaluation.estimates import Interval
from ecgssl_core.evaluation.ranking import rank, rank_areas
from ecgssl_core.evaluation.resampling import draw_counts

MEASURES = ("auroc", "auprc", "sensitivity", "specificity", "precision")
_ENDS = (2.5, 97.5)


@dataclass(frozen=True)
class Detection:
    """The measures of one class: areas from the scores' order, the others at the threshold; NaN where undefined."""

    auroc: Interval
    auprc: Interval
    sensitivity: Interval
    specificity: Interval
    precision: Interval
    positives: int
    negatives: int
    called: int


def detect(
    labels: NDArray[Any], scores: NDArray[Any], threshold: float, groups: NDArray[Any], replicates: int, seed: int = 0
) -> Detection:
    """Give how well a class is found.

    Args:
        labels: (records,), 1, 0, or -1 for unknown, which is left out.
        scores: (records,); a record is called where its score reaches the threshold.
        threshold: fixed beforehand.
        groups: (records,) the patient of each record.
        replicates: of the bootstrap, at least 1.
        seed: of the random numbers.

    Raises:
        ValueError: no record of known label, or values other than these.
    """
    known = np.asarray(labels) != -1
    truth = as_labels(np.asarray(labels)[known].reshape(-1, 1))
    found = as_scores(np.asarray(scores)[known].reshape(-1, 1), truth)
    outputs = found >= threshold
    ranking = rank(truth, found)

    def under(counts: Floats) -> Floats:
        """Give the measures, (replicates, measures)."""
        cells = count_cells(truth, outputs, counts)
        negatives = counts.T @ (truth == 0)
        kinds = [
            (cells.hits, cells.hits + cells.misses),
            (negatives - cells.alarms, negatives),
            (cells.hits, cells.hits + cells.alarms),
        ]
        return np.column_stack([*rank_areas(ranking, counts), *(_share(part, whole) for part, whole in kinds)])

    whole = under(np.ones((len(truth), 1)))[0]
    samples = np.concatenate([under(counts) for counts in draw_counts(groups[known], replicates, seed)])
    columns = zip(MEASURES, whole, samples.T, strict=True)
    intervals = {name: _interval(float(value), column) for name, value, column in columns}
    positives = int((truth == 1).sum())
    return Detection(**intervals, positives=positives, negatives=len(truth) - positives, called=int(outputs.sum()))


def _share(part: Floats, whole: Floats) -> Floats:
    found: Floats = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return found


def _interval(value: float, samples: Floats) -> Interval:
    known = samples[~np.isnan(samples)]
    low, high = np.percentile(known, _ENDS) if known.size else (float("nan"),) * 2
    return Interval(value, float(low), float(high))
