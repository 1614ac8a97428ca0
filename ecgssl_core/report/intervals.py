"""Metrics averaged over seeds, and differences between arms, with intervals from bootstrapping patients.

All seeds and both sides of a difference see the same replicates; patients are drawn source by source.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation import METRICS, Interval, credit_of
from ecgssl_core.evaluation.measures import WHOLE, Measures
from ecgssl_core.evaluation.resampling import draw_counts
from ecgssl_core.report.pooling import Pool
from ecgssl_core.report.scores import LEAST_POSITIVES, REPLICATES

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """The mean over seeds of each metric with its interval, what each seed gives, and what each class gives.

    `per_class` holds, for AUROC, AUPRC and F1, value, low and high, (3, classes); `counted` which classes are in the
    macro means, (classes,), those of the first seed; `lacking` the share of replicates in which a class has no value,
    (classes,), and `lacking_any` that in which one of the counted has none, in some seed.
    """

    metrics: dict[str, Interval]
    by_seed: dict[str, tuple[float, ...]]
    per_class: dict[str, Floats]
    counted: NDArray[np.bool_]
    lacking: Floats
    lacking_any: float


@dataclass(frozen=True, eq=False)
class _Sampled:
    """Metrics of one pool: of the whole (1, classes), and under the replicates (replicates, classes)."""

    whole: dict[str, Floats]
    replicates: dict[str, Floats]
    counted: NDArray[np.bool_]

    def macro(self, name: str) -> tuple[float, Floats]:
        kept = slice(None) if name in WHOLE else self.counted
        return float(_macro(self.whole[name][:, kept])[0]), _macro(self.replicates[name][:, kept])


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """One series of replicates for all of a report, each pool re-weighted but once.

    Args:
        codes: the classes.
        replicates: how many; 2,000 for numbers to be printed.
        seed: of the random numbers.
        minimum: fewest positives of a class that enters a macro mean; it must also have a negative.
    """

    codes: tuple[str, ...]
    replicates: int = REPLICATES
    seed: int = 0
    minimum: int = LEAST_POSITIVES
    _kept: dict[tuple[str, str], _Sampled] = field(default_factory=dict)

    def estimate(self, pools: Sequence[Pool]) -> Estimate:
        """Give the mean over pools, one a seed, which may hold different records."""
        sampled = self._sampled(pools)
        metrics, by_seed = {}, {}
        for name in METRICS:
            macros = [each.macro(name) for each in sampled]
            by_seed[name] = tuple(value for value, _ in macros)
            metrics[name] = _interval(
                float(np.mean(by_seed[name])), np.mean([each for _, each in macros], axis=0), name, sampled[0].counted
            )
        per_class = {
            name: _class_ends(
                [each.whole[name][0] for each in sampled],
                [each.replicates[name] for each in sampled],
                name,
                sampled[0].counted,
            )
            for name in ("auroc", "auprc", "f_measure")
        }
        lacking = np.max([np.isnan(each.replicates["auroc"]).mean(axis=0) for each in sampled], axis=0)
        return Estimate(metrics, by_seed, per_class, sampled[0].counted, lacking, _lacking_any(sampled))

    def lacking(self, pools: Sequence[Pool]) -> float:
        """Give the share of replicates that lack every positive or negative of some counted class of some pool."""
        return _lacking_any(self._sampled(pools))

    def difference(self, pairs: Sequence[tuple[Pool, Pool]]) -> dict[str, Interval]:
        """Give how much higher the first of each pair is, on the mean over pairs, with the two-sided p-value.

        Args:
            pairs: of pools that hold the same records.

        Raises:
            ValueError: two pools of a pair hold different records.
        """
        sampled = self._paired(pairs)
        found = {}
        for name in METRICS:
            macros = [(one.macro(name), other.macro(name)) for one, other in sampled]
            values = [one[0] - other[0] for one, other in macros]
            mean = np.mean([one[1] - other[1] for one, other in macros], axis=0)
            found[name] = _interval(float(np.mean(values)), mean, name, sampled[0][0].counted, _chance(mean))
        return found

    def class_differences(self, pairs: Sequence[tuple[Pool, Pool]], name: str) -> Floats:
        """Give how much higher a metric of each class is in the first of each pair: value, low, high, (3, classes).

        Args:
            pairs: of pools that hold the same records.
            name: of a metric that each class has.

        Raises:
            ValueError: two pools of a pair hold different records.
        """
        sampled = self._paired(pairs)
        values = [one.whole[name][0] - other.whole[name][0] for one, other in sampled]
        replicates = [one.replicates[name] - other.replicates[name] for one, other in sampled]
        return _class_ends(values, replicates, name, sampled[0][0].counted)

    def _paired(self, pairs: Sequence[tuple[Pool, Pool]]) -> list[tuple[_Sampled, _Sampled]]:
        """Give the metrics of both of each pair.

        Raises:
            ValueError: two pools of a pair hold different records.
        """
        if any(not np.array_equal(first.keys, second.keys) for first, second in pairs):
            raise ValueError("a difference needs the same records on both sides")
        sampled = self._sampled([pool for pair in pairs for pool in pair])
        return list(zip(sampled[::2], sampled[1::2], strict=True))

    def _sampled(self, pools: Sequence[Pool]) -> list[_Sampled]:
        keys, first = np.unique(np.concatenate([pool.keys for pool in pools]), return_index=True)
        patients = np.concatenate([pool.patients for pool in pools])[first]
        sources = np.concatenate([pool.sources for pool in pools])[first]
        universe = sha256("\0".join(keys).encode()).hexdigest()
        new = {pool.digest: pool for pool in pools if (universe, pool.digest) not in self._kept}
        measures = {digest: self._measures(pool) for digest, pool in new.items()}
        rows = {digest: np.searchsorted(keys, pool.keys) for digest, pool in new.items()}
        parts: dict[str, list[dict[str, Floats]]] = {digest: [] for digest in new}
        # nothing is drawn where all has been seen
        for counts in draw_counts(patients, self.replicates, self.seed, sources) if new else ():
            for digest, measure in measures.items():
                parts[digest].append(measure.under(counts[rows[digest]]))
        for digest, measure in measures.items():
            whole = measure.under(np.ones((len(rows[digest]), 1)))
            joined = {name: np.concatenate([part[name] for part in parts[digest]]) for name in METRICS}
            self._kept[universe, digest] = _Sampled(whole, joined, self._counted(measure))
        return [self._kept[universe, pool.digest] for pool in pools]

    def _measures(self, pool: Pool) -> Measures:
        credit = credit_of(self.codes)
        return Measures(pool.labels, pool.scores, pool.outputs, credit.weights, credit.normal)

    def _counted(self, measure: Measures) -> NDArray[np.bool_]:
        positives = (measure.labels == 1).sum(axis=0)
        counted: NDArray[np.bool_] = (positives >= self.minimum) & (measure.labels == 0).any(axis=0)
        return counted


def _interval(
    value: float, replicates: Floats, name: str, counted: NDArray[np.bool_], p: float = float("nan")
) -> Interval:
    known = replicates[~np.isnan(replicates)]
    low, high = np.percentile(known, (2.5, 97.5)) if known.size else (float("nan"),) * 2
    return Interval(value, float(low), float(high), 0 if name in WHOLE else int(counted.sum()), p)


def _lacking_any(sampled: Sequence[_Sampled]) -> float:
    lack = [np.isnan(each.replicates["auroc"][:, each.counted]).any(axis=1) for each in sampled]
    return float(np.any(lack, axis=0).mean())


def _class_ends(
    values: Sequence[Floats], replicates: Sequence[Floats], name: str, counted: NDArray[np.bool_]
) -> Floats:
    """Give value, low and high of each class, (3, classes), on the mean over seeds.

    Args:
        values: of each seed, (classes,).
        replicates: of each seed, (replicates, classes).
        name: of the metric.
        counted: which classes are in the macro means, (classes,).
    """
    ends = [_interval(0.0, column, name, counted) for column in np.mean(replicates, axis=0).T]
    return np.array([np.mean(values, axis=0), [end.low for end in ends], [end.high for end in ends]])


def _chance(differences: Floats) -> float:
    """Give twice the smaller share of replicates on one side of 0, never below 2 / (replicates + 1)."""
    known = differences[~np.isnan(differences)]
    if not known.size:
        return float("nan")
    side = min(int((known <= 0).sum()), int((known >= 0).sum()))
    return min(1.0, 2 * (side + 1) / (len(known) + 1))


def _macro(values: Floats) -> Floats:
    """Give the mean over the classes with a value, (rows,); NaN where none has."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    means: Floats = np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0)
    return means
