"""Thresholds chosen on validation records for the challenge metric: one shared, then one a class from there."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats, Labels, Outputs, as_labels, as_probabilities
from ecgssl_core.evaluation.challenge import challenge_metric, output_gains, record_credits, scale_credits

_SHARED_GRID = np.arange(1, 100) / 100
_QUANTILES = 50
_ROUNDS = 10
_LEAST_GAIN = 1e-4
_LEAST_POSITIVES = 10

_RULE = (
    "Chosen on validation records for the challenge metric: one threshold for all classes from 0.01, 0.02 ... 0.99, "
    f"then class by class among {_QUANTILES} quantiles of its probabilities (shares called positive from all down to "
    f"one record, in equal ratios), at most {_ROUNDS} rounds, a class moving only for a gain above {_LEAST_GAIN}; "
    f"classes with fewer than {_LEAST_POSITIVES} positives keep the shared one; of equally good ones the middle one."
)


@dataclass(frozen=True, eq=False)
class Thresholds:
    """From which probability on a class is called positive.

    Attributes:
        values: (classes,) one threshold a class.
        shared: the best single threshold, from which the search began.
        metric: challenge metric of `values` on the records they were chosen on, which flatters them.
        shared_metric: the same of `shared`.
        rule: how they were chosen, in one sentence.
    """

    values: Floats
    shared: float
    metric: float
    shared_metric: float
    rule: str

    def apply(self, probabilities: NDArray[Any]) -> Outputs:
        """Give the outputs, (records, classes): positive where the probability reaches the threshold."""
        positive: Outputs = probabilities >= self.values
        return positive


def choose_thresholds(labels: NDArray[Any], probabilities: NDArray[Any], weights: Floats, normal: int) -> Thresholds:
    """Choose the thresholds that serve the challenge metric best on these records, which must be validation records.

    Args:
        labels: (records, classes), 1, 0, or -1 for unknown, which counts as 0.
        probabilities: (records, classes), calibrated, in [0, 1].
        weights: (classes, classes) of the challenge metric.
        normal: place of the normal class.

    Raises:
        ValueError: no record, shapes that differ, or a probability that is NaN or outside [0, 1].
    """
    checked = as_labels(labels)
    exact = as_probabilities(probabilities, checked)
    if not len(checked):
        raise ValueError("thresholds cannot be chosen without a record")
    shared_metrics = np.array([challenge_metric(checked, exact >= grid, weights, normal) for grid in _SHARED_GRID])
    best = _middle_best(shared_metrics)
    shared = float(_SHARED_GRID[best])
    values = _Ascent(checked, exact, weights, normal).run(np.full(exact.shape[1], shared))
    metric = challenge_metric(checked, exact >= values, weights, normal)
    return Thresholds(values, shared, metric, float(shared_metrics[best]), _RULE)


def optimism(
    labels: NDArray[Any],
    probabilities: NDArray[Any],
    groups: NDArray[Any],
    weights: Floats,
    normal: int,
    seed: int = 0,
) -> float:
    """Give by how much the challenge metric flatters thresholds on the very records they were chosen on.

    The groups are split in two halves; the thresholds of each are measured on itself and on the other, and the two
    differences averaged.

    Args:
        groups: (records,) the patient of each record.
        seed: of the split; the other arguments are those of `choose_thresholds`.

    Raises:
        ValueError: fewer than two groups, or as `choose_thresholds`.
    """
    names, member = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        raise ValueError("two halves need at least two groups")
    in_first = (np.random.default_rng(seed).permutation(len(names)) < len(names) // 2)[member]
    gaps = []
    for own, other in ((in_first, ~in_first), (~in_first, in_first)):
        chosen = choose_thresholds(labels[own], probabilities[own], weights, normal)
        elsewhere = challenge_metric(labels[other], chosen.apply(probabilities[other]), weights, normal)
        gaps.append(chosen.metric - elsewhere)
    return float(np.mean(gaps))


class _Ascent:
    """Coordinate ascent of the challenge metric over the thresholds of the classes."""

    def __init__(self, labels: Labels, probabilities: Floats, weights: Floats, normal: int) -> None:
        self.truth = labels == 1
        self.probabilities = probabilities
        self.gains = output_gains(labels, weights)
        credits = record_credits(labels, self.truth, weights, normal)
        self.correct, self.inactive = credits.correct.sum(), credits.inactive.sum()
        # a class with few positives would follow chance
        self.movable = [int(column) for column in np.flatnonzero(self.truth.sum(axis=0) >= _LEAST_POSITIVES)]

    def run(self, start: Floats) -> Floats:
        values = start.copy()
        for _ in range(_ROUNDS):
            moved = [self._move(column, values) for column in self.movable]
            if not any(moved):
                break
        return values

    def _move(self, column: int, values: Floats) -> bool:
        """Set the threshold of one class to the best candidate, and say whether that was worth it."""
        candidates = np.append(_quantiles(self.probabilities[:, column]), values[column])
        metrics = self._metrics(column, values, candidates)
        best = _middle_best(metrics[:-1])
        worth = bool(metrics[best] - metrics[-1] > _LEAST_GAIN)
        if worth:
            values[column] = candidates[best]
        return worth

    def _metrics(self, column: int, values: Floats, candidates: Floats) -> Floats:
        """Give the challenge metric for each candidate of one class, the other classes standing still."""
        others = self.probabilities >= values
        others[:, column] = False
        elsewhere = self.truth | others
        elsewhere[:, column] = False
        earned = (self.gains * others).sum(axis=1, keepdims=True)  # (records, 1)
        outputs = self.probabilities[:, column, np.newaxis] >= candidates  # (records, candidates)
        named = elsewhere.sum(axis=1, keepdims=True) + (outputs | self.truth[:, column, np.newaxis])
        credits = (earned + self.gains[:, column, np.newaxis] * outputs) / np.maximum(named, 1)
        scaled: Floats = scale_credits(credits.sum(axis=0), self.correct, self.inactive)
        return scaled


def _quantiles(probabilities: Floats) -> Floats:
    # equal ratios, not equal steps: a class with one positive in a hundred needs its choices among the highest
    shares = np.geomspace(1, 1 / len(probabilities), _QUANTILES)
    return np.quantile(probabilities, 1 - shares)


def _middle_best(metrics: Floats) -> int:
    best = np.flatnonzero(metrics >= metrics.max() - 1e-12)
    return int(best[len(best) // 2])
