"""Tests of one system against another beside the paired bootstrap, and their correction for being several."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, stdtr, stdtrit

from ecgssl_core.evaluation.arrays import as_labels, as_outputs
from ecgssl_core.evaluation.metrics import exact_matches


@dataclass(frozen=True)
class ExactMatches:
    """How often just one of two systems has all classes of a record right, and the p-value of that being chance."""

    only_first: int
    only_second: int
    p: float


@dataclass(frozen=True)
class FoldTest:
    """Mean difference over folds, spread over folds, the corrected t-test's interval (95 %) and p-value."""

    mean: float
    spread: float
    low: float
    high: float
    p: float


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Give the p-values corrected for the number of comparisons announced (Holm 1979), under the same names.

    Claim those that stay below the level meant for all together. A comparison without a p-value (NaN) has none
    afterwards, and counts as announced.

    Raises:
        ValueError: a value lies outside [0, 1].
    """
    if any(value < 0 or value > 1 for value in p_values.values()):
        raise ValueError("a p-value lies in [0, 1]")
    known = sorted((name for name, value in p_values.items() if value == value), key=p_values.__getitem__)
    corrected: dict[str, float] = {}
    largest = 0.0
    for place, name in enumerate(known):
        largest = max(largest, min(1.0, (len(p_values) - place) * p_values[name]))
        corrected[name] = largest
    return {name: corrected.get(name, float("nan")) for name in p_values}


def mcnemar(labels: NDArray[Any], first: NDArray[Any], second: NDArray[Any]) -> ExactMatches:
    """Give the exact McNemar test (1947) of which system has more records right in every class.

    It takes records for independent; where patients have several, give one of each.

    Args:
        labels: (records, classes), 1, 0, or -1 for unknown, which counts as 0.
        first: (records, classes), outputs of one system, 0 or 1.
        second: the same of the other.

    Raises:
        ValueError: shapes that differ, or values other than these.
    """
    checked = as_labels(labels)
    one, other = (exact_matches(checked, as_outputs(outputs, checked)) == 1 for outputs in (first, second))
    only_first, only_second = int((one & ~other).sum()), int((other & ~one).sum())
    apart = only_first + only_second
    tail = float(bdtr(min(only_first, only_second), apart, 0.5)) if apart else 1.0
    return ExactMatches(only_first, only_second, min(1.0, 2 * tail))


def fold_test(differences: NDArray[Any], test_to_train: float, level: float = 0.95) -> FoldTest:
    """Give the t-test over folds with the variance corrected for their shared training records.

    The variance of the mean is (1 / folds + n_test / n_train) times that over folds, in place of 1 / folds (Nadeau and
    Bengio 2003, doi:10.1023/A:1024068626366).

    Args:
        differences: (folds,) one system's metric less the other's.
        test_to_train: records in a test fold over those trained on.
        level: of the interval.

    Raises:
        ValueError: fewer than two folds, a difference that is not finite, or a ratio that is not positive.
    """
    values = np.asarray(differences, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2 or not np.isfinite(values).all() or not test_to_train > 0:
        raise ValueError("the test over folds needs two finite differences or more, and a positive ratio of records")
    mean, spread = float(values.mean()), float(values.std(ddof=1))
    error = spread * float(np.sqrt(1 / len(values) + test_to_train))
    freedom = len(values) - 1
    reach = error * float(stdtrit(freedom, (1 + level) / 2))
    if error == 0:
        return FoldTest(mean, spread, mean, mean, 1.0 if mean == 0 else 0.0)
    return FoldTest(mean, spread, mean - reach, mean + reach, float(2 * stdtr(freedom, -abs(mean) / error)))
