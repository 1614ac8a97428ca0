"""Figures of a model by the leads that it is given, each set beside all leads on the same replicates."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.corpus.labels import LabelSet
from ecgssl_core.evaluation import Interval
from ecgssl_core.report.intervals import Bootstrap, Estimate
from ecgssl_core.report.pooling import Pool, pool

MARGIN = 0.01  # AUROC; fixed before any set was scored
_KEPT, _DIGITS = ("auroc", "auprc"), 5
_ALL_THAT_IT_HOLDS = ("I, II, III, aVR, aVL, aVF", "I, II")


@dataclass(frozen=True, eq=False)
class ScoredSets:
    """A run that was scored by lead sets: seed, fold, predictions of the fold, thresholds, and the table of sets."""

    seed: int
    fold: int
    test: pd.DataFrame
    thresholds: Sequence[float]
    sets: pd.DataFrame


@dataclass(frozen=True, eq=False)
class SetFigures:
    """What is known of one set of leads.

    Attributes:
        name: what it is called.
        leads: that are given, with a comma between.
        records: that were scored, of the first seed.
        found: metrics over all records, on the mean over seeds.
        less: how much higher metrics are than with the first set; empty of the first.
        class_less: the same of each class's AUROC, value, low, high, (3, classes); None of the first.
    """

    name: str
    leads: str
    records: int
    found: Estimate
    less: dict[str, Interval]
    class_less: NDArray[np.float64] | None

    @property
    def verdict(self) -> str:
        """Whether the AUROC is that of all leads: equal within the margin, lower, higher, or open."""
        return verdict(self.less["auroc"]) if self.less else ""


def verdict(less: Interval) -> str:
    """Give in a word or two what the interval of a difference in AUROC allows."""
    if less.low > -MARGIN and less.high < MARGIN:
        return f"equal within {MARGIN:g}"
    return "lower" if less.high < 0 else "higher" if less.low > 0 else "open"


def set_figures(bootstrap: Bootstrap, runs: Sequence[ScoredSets]) -> list[SetFigures]:
    """Give the figures of each set that all of these runs were scored with, the first of them being compared with.

    Args:
        bootstrap: of all intervals; both sides of a difference see the same replicates.
        runs: of one arm, a fold and seed each; none gives none.

    Raises:
        RunError: two of them scored the same fold with the same seed.
    """
    pools = set_pools(bootstrap.codes, runs)
    names = {leads: name for run in reversed(runs) for leads, name in _names(run.sets).items()}
    bootstrap.lacking([one for of_set in pools.values() for one in of_set])  # all sets in the same draws
    first = next(iter(pools.values()), [])
    found = []
    for leads, of_set in pools.items():
        pairs = list(zip(of_set, first, strict=True)) if of_set is not first else []
        less = bootstrap.difference(pairs) if pairs else {}
        apart = bootstrap.class_differences(pairs, "auroc") if pairs else None
        found.append(SetFigures(names[leads], leads, len(of_set[0]), bootstrap.estimate(of_set), less, apart))
    return found


def set_pools(codes: tuple[str, ...], runs: Sequence[ScoredSets]) -> dict[str, list[Pool]]:
    """Give, by its leads, for each set that all runs were scored with the records of each seed."""
    if not runs:
        return {}
    common = set.intersection(*(set(_names(run.sets)) for run in runs))
    seeds: dict[int, list[ScoredSets]] = defaultdict(list)
    for run in runs:
        seeds[run.seed].append(run)
    return {
        leads: [_pool(codes, seeds[seed], leads) for seed in sorted(seeds)]
        for leads in _names(runs[0].sets)
        if leads in common
    }


def limb_gap(bootstrap: Bootstrap, runs: Sequence[ScoredSets]) -> Interval | None:
    """Give by how much six limb leads beat I and II, which hold all that they do; None where one was not scored."""
    pools = set_pools(bootstrap.codes, runs)
    if not set(_ALL_THAT_IT_HOLDS) <= set(pools):
        return None
    six, two = (pools[leads] for leads in _ALL_THAT_IT_HOLDS)
    return bootstrap.difference(list(zip(six, two, strict=True)))["auroc"]


def sets_tree(classes: LabelSet, sets: Sequence[SetFigures]) -> list[dict[str, Any]]:
    """Give figures of sets as plain numbers, None where there is none; classes that the macro means leave out too."""
    return [
        {
            "name": one.name,
            "leads": one.leads.split(", "),
            "records": one.records,
            "classes_counted": int(one.found.counted.sum()),
            **{name: ends_tree(one.found.metrics[name]) for name in _KEPT},
            "less": {name: ends_tree(one.less[name]) for name in _KEPT} if one.less else None,
            "verdict": one.verdict,
            "per_class": [_class_tree(classes.codes[place], place, one) for place in range(len(classes))],
        }
        for one in sets
    ]


def _class_tree(code: str, place: int, one: SetFigures) -> dict[str, Any]:
    less = None if one.class_less is None else ends_tree(_column(one.class_less, place))
    return {"code": code, "auroc": ends_tree(_column(one.found.per_class["auroc"], place)), "less": less}


def _column(values: NDArray[np.float64], place: int) -> Interval:
    value, low, high = values[:, place].tolist()
    return Interval(value, low, high, 1)


def ends_tree(found: Interval) -> dict[str, float | None]:
    """Give a value and the ends of its interval as plain numbers."""
    values = {"value": found.value, "low": found.low, "high": found.high}
    return {name: round(value, _DIGITS) if value == value else None for name, value in values.items()}


def _names(sets: pd.DataFrame) -> dict[str, str]:
    """Give what each set is called, by its leads, in the order of the table."""
    once = sets.drop_duplicates("names")
    return dict(zip(once["names"], once["set"], strict=True))


def _pool(codes: tuple[str, ...], runs: Sequence[ScoredSets], leads: str) -> Pool:
    """Give the records of runs of one seed with their scores for one set of leads."""
    whole = pool([(run.test, run.thresholds) for run in runs], codes)
    scores = pd.concat([run.sets[run.sets["names"] == leads] for run in runs]).set_index("key")
    ordered = scores.reindex(whole.keys)[[f"p_{code}" for code in codes]]
    return replace(whole, scores=ordered.to_numpy(dtype=np.float64))
