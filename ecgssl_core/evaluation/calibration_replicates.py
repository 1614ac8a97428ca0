"""The figures of calibration, all classes together, with 95 % intervals from bootstrapping patients."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from ecgssl_core.evaluation.arrays import UNKNOWN, Floats, as_labels, as_probabilities
from ecgssl_core.evaluation.calibration_line import calibration_line
from ecgssl_core.evaluation.estimates import Interval
from ecgssl_core.evaluation.reliability import brier_score, calibration_error, log_loss
from ecgssl_core.evaluation.resampling import draw_counts

_CERTAIN = 1e-12
_BINS = 15
_STEPS = 25
_CLOSE = 1e-9


@dataclass(frozen=True)
class Reliability:
    """Log-loss, Brier score, calibration error, slope and intercept of all known labels pooled, with intervals.

    `undefined` is the share of replicates without a slope, which the intervals of slope and intercept leave out.
    """

    log_loss: Interval
    brier: Interval
    calibration_error: Interval
    slope: Interval
    intercept: Interval
    undefined: float


@dataclass(frozen=True, eq=False)
class _Answers:
    """All known labels as one column in the order of their probabilities: (answers,) each."""

    record: NDArray[np.intp]
    truth: Floats
    probability: Floats
    odds: Floats


def reliability_intervals(
    labels: NDArray[Any], probabilities: NDArray[Any], groups: NDArray[Any], replicates: int = 300, seed: int = 0
) -> Reliability:
    """Give the five figures of the pooled labels with percentile intervals over replicates that draw whole groups.

    Chance alone parts prediction and outcome within a bin, in a replicate twice: the interval of the calibration error
    lies high, and near perfect calibration even above the value.

    Args:
        labels: (records, classes), 1, 0 or -1 for unknown, which is left out.
        probabilities: (records, classes), in [0, 1].
        groups: (records,) the patient of each record.
        replicates: number of bootstrap replicates, at least 1.
        seed: of the random numbers.

    Raises:
        ValueError: no record or replicate, shapes that differ, or a probability that is NaN or outside [0, 1].
    """
    checked = as_labels(labels)
    exact = as_probabilities(probabilities, checked)
    truth, values = checked.reshape(-1, 1), exact.reshape(-1, 1)
    line = calibration_line(truth, values)
    answers = _ordered(checked, exact)
    figures = _figures(answers, (line.slope, line.intercept))
    blocks = draw_counts(groups, replicates, seed)
    sampled = np.array([figures(counts[answers.record]) for block in blocks for counts in block.T])
    whole = (log_loss(truth, values)[0], brier_score(truth, values)[0], calibration_error(truth, values)[0])
    found = [*map(float, whole), line.slope, line.intercept]
    loss, brier, error, slope, intercept = (
        _interval(value, column) for value, column in zip(found, sampled.T, strict=True)
    )
    return Reliability(loss, brier, error, slope, intercept, float(np.isnan(sampled[:, 3]).mean()))


def _ordered(labels: NDArray[np.int8], probabilities: Floats) -> _Answers:
    record, column = np.nonzero(labels != UNKNOWN)
    order = np.argsort(probabilities[record, column], kind="stable")
    record, column = record[order], column[order]
    found = probabilities[record, column]
    odds: Floats = logit(np.clip(found, _CERTAIN, 1 - _CERTAIN))
    return _Answers(record, labels[record, column].astype(np.float64), found, odds)


def _figures(answers: _Answers, start: tuple[float, float]) -> Callable[[Floats], tuple[float, ...]]:
    """Give the function from how often each answer was drawn, (answers,), to the five figures."""
    certain = np.clip(answers.probability, _CERTAIN, 1 - _CERTAIN)
    surprise = -np.log(np.where(answers.truth == 1, certain, 1 - certain))
    gap = answers.probability - answers.truth

    def figures(counts: Floats) -> tuple[float, ...]:
        total = counts.sum()
        if total == 0:
            return (float("nan"),) * 5
        means = float(counts @ surprise / total), float(counts @ gap**2 / total)
        return *means, _calibration_error(gap, counts), *_line(answers, counts, start)

    return figures


def _calibration_error(gap: Floats, counts: Floats) -> float:
    """Give the expected calibration error over 15 bins of equally many answers, which stand in order."""
    drawn = np.repeat(gap, counts.astype(np.int64))
    return float(sum(abs(part.sum()) for part in np.array_split(drawn, _BINS)) / len(drawn))


def _line(answers: _Answers, counts: Floats, start: tuple[float, float]) -> tuple[float, float]:
    """Give slope and intercept by Newton's method from those of the whole; NaN where it settles on none."""
    line = np.array(start)
    for _ in range(_STEPS):
        if not np.isfinite(line).all():
            break
        found = expit(line[0] * answers.odds + line[1])
        surplus, bend = counts * (found - answers.truth), counts * found * (1 - found)
        slope, cross, level = bend @ answers.odds**2, bend @ answers.odds, bend.sum()
        determinant = slope * level - cross**2
        if determinant <= 0:
            break
        down, aside = surplus @ answers.odds, surplus.sum()
        step = np.array([level * down - cross * aside, slope * aside - cross * down]) / determinant
        line = line - step
        if np.abs(step).max() < _CLOSE:
            return float(line[0]), float(line[1])
    return float("nan"), float("nan")


def _interval(value: float, sampled: Floats) -> Interval:
    known = sampled[~np.isnan(sampled)]
    low, high = np.percentile(known, (2.5, 97.5)) if known.size else (float("nan"),) * 2
    return Interval(value, float(low), float(high))
