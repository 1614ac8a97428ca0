"""The seven metrics of a system, or of two against each other, with 95 % intervals from bootstrapping patients."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats, Labels
from ecgssl_core.evaluation.estimates import ClassIntervals, Evaluation, Interval, MetricIntervals
from ecgssl_core.evaluation.measures import METRICS, WHOLE, Measures
from ecgssl_core.evaluation.resampling import draw_counts

_PERCENTILES = (2.5, 97.5)


@dataclass(frozen=True, eq=False)
class Answers:
    """What one system says of all records: scores and binary outputs, (records, classes) each."""

    scores: NDArray[Any]
    outputs: NDArray[Any]


def evaluate(
    labels: NDArray[Any],
    scores: NDArray[Any],
    outputs: NDArray[Any],
    groups: NDArray[Any],
    weights: Floats,
    normal: int,
    *,
    replicates: int = 2000,
    seed: int = 0,
    minimum: int = 0,
    strata: NDArray[Any] | None = None,
) -> Evaluation:
    """Give the seven metrics with 95 % percentile intervals over replicates that draw whole groups.

    The classes of a macro mean are those with a value in the whole sample; a replicate in which one of them has none
    skips it.

    Args:
        labels: (records, classes), 1, 0 or -1 for unknown.
        scores: (records, classes), any numbers but NaN.
        outputs: (records, classes), 0 or 1.
        groups: (records,) the patient of each record.
        weights: (classes, classes) of the challenge metric.
        normal: place of the normal class.
        replicates: number of bootstrap replicates, at least 1.
        seed: of the random numbers.
        minimum: above 0, a macro mean is over the classes with at least so many positives, and a negative, only.
        strata: (records,) the source of each record, when several are pooled: each keeps its number of groups.

    Raises:
        ValueError: no record or replicate, shapes that differ, a NaN score, or values other than these.
    """
    measures = Measures(labels, scores, outputs, weights, normal)
    whole = measures.under(_once(measures.labels))
    sampled = _collect(measures, draw_counts(groups, replicates, seed, strata))
    overall = _overall(whole, sampled, measures.labels, minimum)
    counted = _counted("auroc", whole["auroc"], measures.labels, minimum)
    return Evaluation(
        **vars(overall),
        class_auroc=_class_intervals(whole["auroc"], sampled["auroc"]),
        class_auprc=_class_intervals(whole["auprc"], sampled["auprc"]),
        class_f_measure=_class_intervals(whole["f_measure"], sampled["f_measure"]),
        positives=(measures.labels == 1).sum(axis=0),
        negatives=(measures.labels == 0).sum(axis=0),
        counted=counted,
        records=len(groups),
        groups=len(np.unique(groups)),
        replicates=replicates,
        seed=seed,
        lacking=float(np.isnan(sampled["auroc"][:, counted]).any(axis=1).mean()),
    )


def compare(
    labels: NDArray[Any],
    first: Answers,
    second: Answers,
    groups: NDArray[Any],
    weights: Floats,
    normal: int,
    *,
    replicates: int = 2000,
    seed: int = 0,
    minimum: int = 0,
    strata: NDArray[Any] | None = None,
) -> MetricIntervals:
    """Give how much higher the first system's metrics are, with paired intervals: both see the same replicates.

    A class enters a macro mean where both systems have a value for it. The arguments are those of `evaluate`. The
    p-value is twice the smaller share of replicates on one side of 0, and never below 2 / (replicates + 1); correct it
    with `holm` for all comparisons announced.

    Raises:
        ValueError: no record or replicate, shapes that differ, a NaN score, or values other than these.
    """
    both = [Measures(labels, answers.scores, answers.outputs, weights, normal) for answers in (first, second)]
    once = _once(both[0].labels)
    whole = _subtract(*(measures.under(once) for measures in both))
    # the same seed gives both the same counts, without holding all of them
    sampled = _subtract(*(_collect(measures, draw_counts(groups, replicates, seed, strata)) for measures in both))
    overall = _overall(whole, sampled, both[0].labels, minimum)
    kept = {name: _counted(name, whole[name], both[0].labels, minimum) for name in METRICS}
    chances = {name: _p_value(_macro(sampled[name][:, kept[name]])) for name in METRICS}
    return MetricIntervals(**{name: replace(getattr(overall, name), p=chances[name]) for name in METRICS})


def _once(labels: Labels) -> Floats:
    return np.ones((len(labels), 1))


def _collect(measures: Measures, blocks: Iterator[Floats]) -> dict[str, Floats]:
    parts = [measures.under(counts) for counts in blocks]
    return {name: np.concatenate([part[name] for part in parts]) for name in METRICS}


def _subtract(first: dict[str, Floats], second: dict[str, Floats]) -> dict[str, Floats]:
    # the mean of the differences over the classes that both have is the difference of their means
    return {name: first[name] - second[name] for name in METRICS}


def _overall(whole: dict[str, Floats], sampled: dict[str, Floats], labels: Labels, minimum: int) -> MetricIntervals:
    kept = {name: _counted(name, whole[name], labels, minimum) for name in METRICS}
    return MetricIntervals(**{name: _interval(name, whole[name], sampled[name], kept[name]) for name in METRICS})


def _counted(name: str, whole: Floats, labels: Labels, minimum: int) -> NDArray[np.bool_]:
    """Give which classes enter the mean: whatever a replicate draws, the whole sample decides."""
    counted: NDArray[np.bool_] = ~np.isnan(whole[0])
    if name not in WHOLE and minimum > 0:
        counted &= ((labels == 1).sum(axis=0) >= minimum) & (labels == 0).any(axis=0)
    return counted


def _interval(name: str, whole: Floats, sampled: Floats, kept: NDArray[np.bool_]) -> Interval:
    low, high = _percentiles(_macro(sampled[:, kept])[:, np.newaxis])
    classes = 0 if name in WHOLE else int(kept.sum())
    return Interval(float(_macro(whole[:, kept])[0]), float(low[0]), float(high[0]), classes)


def _p_value(differences: Floats) -> float:
    known = differences[~np.isnan(differences)]
    if not known.size:
        return float("nan")
    side = min(int((known <= 0).sum()), int((known >= 0).sum()))
    return min(1.0, 2 * (side + 1) / (len(known) + 1))


def _class_intervals(whole: Floats, sampled: Floats) -> ClassIntervals:
    return ClassIntervals(whole[0], *_percentiles(sampled))


def _macro(values: Floats) -> Floats:
    """Give the mean over the classes with a value, (replicates,); NaN where none has."""
    defined = ~np.isnan(values)
    number = defined.sum(axis=1)
    total = np.where(defined, values, 0.0).sum(axis=1)
    means: Floats = np.divide(total, number, out=np.full(len(values), np.nan), where=number > 0)
    return means


def _percentiles(sampled: Floats) -> tuple[Floats, Floats]:
    ends = np.full((2, sampled.shape[1]), np.nan)
    for column, values in enumerate(sampled.T):
        defined = values[~np.isnan(values)]
        if defined.size:
            ends[:, column] = np.percentile(defined, _PERCENTILES)
    return ends[0], ends[1]
