"""Paired differences between arms that were announced beforehand, with Holm's correction over all of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecgssl_core.evaluation import Interval, fold_test, holm
from ecgssl_core.plots.differences import Difference, difference_figure
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.cross_checks import LEVEL, cross_check
from ecgssl_core.report.finished import PURE
from ecgssl_core.report.pooling import Pool
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import LACKING, NONE, TITLES, chance, spread, with_ends

COMPARED = ("auroc", "auprc")  # the metrics that hang on no threshold
_CHECKS = (
    "Cross-checks on one record of each patient, first seeds alone: exact matches, and in how many classes the AUROC "
    "differs after Holm's correction over the classes"
)
# beside each SSL- arm against its twin from scratch, and each arm against the probe of a random encoder
_PAIRS = (("TSG", "T"), ("TSG", "TSC"), ("SSL-TSG", "SSL-T"), ("SSL-TSG", "SSL-TSC"))


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


def differences_section(study: Study) -> Section | None:
    """Give the announced comparisons that these runs allow; None without any."""
    compared = [each for first, second in announced(study) if (each := compare_arms(study, first, second))]
    if not compared:
        return None
    corrected = _corrected(compared)
    count, replicates = len(corrected), study.bootstrap.replicates
    least = min(1.0, count * 2 / (replicates + 1))
    rows = [_row(each, name, corrected[f"{each.title} {name}"]) for each in compared for name in COMPARED]
    sentences = [
        "Each difference is taken on the records that both arms have, seed by seed, in the same replicates. It counts "
        f"as one where p stays below {LEVEL} after Holm's correction over all {count} of this table, announced before "
        "any was computed: each SSL- arm against its twin from scratch, TSG against T and TSC, SSL-TSG against SSL-T "
        "and SSL-TSC, each against the linear probe of a random encoder, a transductive arm against its fold-pure twin."
    ]
    if least >= LEVEL:
        sentences.append(
            f"{replicates:,} replicates cannot show that any of {count} holds up (the least corrected p is "
            f"{least:.2f}): take more of them."
        )
    points = [_point(each, name, corrected[f"{each.title} {name}"]) for each in compared for name in COMPARED]
    figure = difference_figure([point for point in points if point.value == point.value])
    drawing = Drawing("differences", "Each difference with its interval.", figure, 640)
    tables = {"": pd.DataFrame(rows), _CHECKS: pd.DataFrame([_check_row(each) for each in compared])}
    return Section("differences", "Paired differences", tuple(sentences), tables, (drawing,))


def announced(study: Study) -> Iterator[tuple[Arm, Arm]]:
    """Give the pairs of arms that the protocol compares, where both were run."""
    for arm in study.arms:
        for base in _opponents(arm.base):
            second = study.find(base, arm.share)
            if second and second is not arm:
                yield arm, second
        if arm.exposure not in PURE and (twin := study.find(arm.base, arm.share)):
            yield arm, twin


def compare_arms(study: Study, first: Arm, second: Arm) -> Compared | None:
    """Give the differences on the records that both have, seed by seed, or one seed against each; None without any."""
    seeds = [(seed, seed) for seed in first.pools if seed in second.pools]
    if not seeds or 1 in (len(first.pools), len(second.pools)):
        seeds = [(one, other) for one in first.pools for other in second.pools]
    pairs = []
    for one, other in seeds:
        mine, theirs = first.pools[one], second.pools[other]
        both = (mine.only(theirs.keys), theirs.only(mine.keys))
        pairs += [both] if len(both[0]) else []
    if not pairs:
        return None
    found, lacking = (
        study.bootstrap.difference(pairs),
        study.bootstrap.lacking([pool for pair in pairs for pool in pair]),
    )
    return Compared(first, second, tuple(pairs), found, lacking)


def _opponents(base: str) -> list[str]:
    modalities = base.removeprefix("SSL-").partition("-")[0]
    found = [second for first, second in _PAIRS if first == base]
    if base.startswith("SSL-"):
        bare = base.removeprefix("SSL-")
        found.insert(0, f"random-{bare}" if "-" in bare else bare)
    if not base.startswith("random-"):
        found.append(f"random-{modalities}-linear")
    return list(dict.fromkeys(found))


def _corrected(compared: list[Compared]) -> dict[str, float]:
    return holm({f"{each.title} {name}": each.found[name].p for each in compared for name in COMPARED})


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


def _check_row(each: Compared) -> dict[str, object]:
    """Give both cross-checks of the first pair of seeds."""
    checks = cross_check(*each.pairs[0])
    return {
        "comparison": each.title,
        "records, one a patient": f"{checks.records:,}",
        "all right in the first only": checks.exact.only_first,
        "in the second only": checks.exact.only_second,
        "p, exact matches (McNemar)": chance(checks.exact.p),
        "classes tested (DeLong)": checks.tested,
        "AUROC higher, Holm": checks.higher,
        "AUROC lower, Holm": checks.lower,
        "least p of a class, Holm": chance(min((p for p in checks.corrected if p == p), default=float("nan"))),
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
