"""Two arms against each other on the records that both have: differences with intervals, p-values, and their rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecgssl_core.evaluation import Interval, fold_test, holm
from ecgssl_core.plots.differences import Difference
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.cross_checks import LEVEL
from ecgssl_core.report.pooling import Pool
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import LACKING, NONE, TITLES, chance, spread, with_ends


@dataclass(frozen=True, eq=False)
class Compared:
    """Two arms, the pools that stand against each other on the same records, and the differences of their metrics.

    `lacking` is the share of replicates that lack a class on either side.
    """

    first: Arm
    second: Arm
    pairs: tuple[tuple[Pool, Pool], ...]
    found: dict[str, Interval]
    lacking: float

    @property
    def title(self) -> str:
        """Both names."""
        return f"{self.first.title} − {self.second.label}"


def compare_arms(study: Study, first: Arm, second: Arm) -> Compared | None:
    """Give the differences on the records that both have, seed by seed, or one seed against each; None without any."""
    pairs = paired_pools(first, second)
    if not pairs:
        return None
    found, lacking = (
        study.bootstrap.difference(pairs),
        study.bootstrap.lacking([pool for pair in pairs for pool in pair]),
    )
    return Compared(first, second, tuple(pairs), found, lacking)


def paired_pools(first: Arm, second: Arm) -> list[tuple[Pool, Pool]]:
    """Give the pools of two arms on the records that both have, seed by seed, or one seed against each."""
    seeds = [(seed, seed) for seed in first.pools if seed in second.pools]
    if not seeds or 1 in (len(first.pools), len(second.pools)):
        seeds = [(one, other) for one in first.pools for other in second.pools]
    pairs = []
    for one, other in seeds:
        mine, theirs = first.pools[one], second.pools[other]
        both = (mine.only(theirs.keys), theirs.only(mine.keys))
        pairs += [both] if len(both[0]) else []
    return pairs


def compared_rows(compared: Sequence[Compared], metrics: Sequence[str]) -> tuple[pd.DataFrame, list[Difference]]:
    """Give a row a comparison and metric, p-values after Holm's correction over all of them, and the same as marks."""
    corrected = holm({f"{each.title} {name}": each.found[name].p for each in compared for name in metrics})
    rows = [_row(each, name, corrected[f"{each.title} {name}"]) for each in compared for name in metrics]
    marks = [_point(each, name, corrected[f"{each.title} {name}"]) for each in compared for name in metrics]
    return pd.DataFrame(rows), [mark for mark in marks if mark.value == mark.value]


def too_few(count: int, study: Study) -> list[str]:
    """Give the sentence that no comparison of so many can hold up with the study's replicates, where that is so."""
    replicates = study.bootstrap.replicates
    least = min(1.0, count * 2 / (replicates + 1))
    if least < LEVEL:
        return []
    return [
        f"{replicates:,} replicates cannot show that any of {count} holds up (the least corrected p is {least:.2f}): "
        "take more of them."
    ]


def _row(each: Compared, name: str, corrected: float) -> dict[str, object]:
    folds = _fold_differences(each, name)
    sd = float(np.std(folds, ddof=1)) if len(folds) > 1 else float("nan")
    first, _ = each.pairs[0]
    return {
        "comparison": each.title,
        "metric": TITLES[name],
        "difference [95 %]": with_ends(each.found[name], signed=True),
        "p": chance(each.found[name].p),
        "p, Holm": chance(corrected),
        "holds up": "yes" if corrected < LEVEL else "no",
        "mean ± sd over folds (spread)": spread(float(np.mean(folds)), sd, signed=True) if folds else NONE,
        "p over folds (corrected t)": _fold_chance(each, folds),
        "records": f"{len(first):,}",
        "classes": each.found[name].classes,
        LACKING: f"{each.lacking:.1%}",
    }


def _point(each: Compared, name: str, corrected: float) -> Difference:
    found = each.found[name]
    return Difference(each.title, TITLES[name], found.value, found.low, found.high, corrected < LEVEL)


def _fold_differences(each: Compared, name: str) -> list[float]:
    """Give, for each fold that both have, the mean over common seeds of the fold's own difference."""
    found = []
    for fold in sorted(each.first.folds & each.second.folds):
        values = []
        for seed in each.first.pools:
            one, other = each.first.at(seed, fold), each.second.at(seed, fold)
            ours, theirs = (run.results["test"][name]["value"] if run else None for run in (one, other))
            values += [ours - theirs] if ours is not None and theirs is not None else []
        found += [float(np.mean(values))] if values else []
    return found


def _fold_chance(each: Compared, folds: list[float]) -> str:
    records = [run.results["records"] for run in each.first.runs]
    ratio = float(np.mean([of["test"] / of["train"] for of in records if of["train"]])) if records else 0.0
    return chance(fold_test(np.array(folds), ratio).p) if len(folds) > 1 and ratio > 0 else NONE
