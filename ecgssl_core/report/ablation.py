"""Figure 3 of the paper, transformations switched on and off in pretraining; and the share of labels used."""

from collections import defaultdict
from functools import reduce

import numpy as np
import pandas as pd

from ecgssl_core.evaluation import Interval
from ecgssl_core.plots.shares import Bar, ablation_figure, share_figure
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.pooling import Pool
from ecgssl_core.report.study import Study
from ecgssl_core.report.variants import BARS, NO_TRANSFORM, UNKNOWN
from ecgssl_core.report.words import NONE, TITLES, chance, number, ranges, with_ends

_METRICS = ("auroc", "auprc")
_PAPER = (
    "Figure 3 of the paper shows bars without numbers; in its text only the direction stands: transformations help, "
    "and the combination (T1 for the series, T2 for the spectrogram) helps most. The published code computes Frequency "
    "Cutout and throws it away, so its bars FC and T2 cannot come from it. Here all are compared on the records that "
    "every variant of an arm has."
)
_ORDER = list(dict.fromkeys(name for bars in BARS.values() for name in bars))


def ablation_section(study: Study) -> Section | None:
    """Give the arms that were pretrained with several sets of transformations; None without any."""
    arms: dict[str, dict[str, Arm]] = defaultdict(dict)
    for (label, variant), arm in study.variants.items():
        if variant != UNKNOWN:
            arms[label][variant] = arm
    rows: list[dict[str, str]] = []
    bars: dict[str, list[Bar]] = {}
    for label, variants in arms.items():
        common = _common(variants) if len(variants) > 1 else {}
        if common:
            rows += _rows(study, label, common)
            bars[label] = _bars(study, common)
    if not rows:
        return None
    drawing = Drawing(
        "ablation", "AUROC of each set of transformations, with intervals.", ablation_figure(bars, "AUROC"), 480
    )
    return Section("ablation", "Figure 3 of the paper, repeated", (_PAPER,), {"": pd.DataFrame(rows)}, (drawing,))


def share_section(study: Study) -> Section | None:
    """Give the arms that were trained on several shares of the labels; None without any."""
    labels = {arm.label for arm in study.arms if arm.share < 1}
    arms = [arm for arm in study.arms if arm.label in labels]
    if not arms:
        return None
    metrics: dict[str, dict[str, list[Bar]]] = {TITLES[name]: defaultdict(list) for name in _METRICS}
    rows = []
    for arm in sorted(arms, key=lambda arm: arm.share):
        found = study.estimate(arm).metrics
        for name in _METRICS:
            metrics[TITLES[name]][arm.label].append(_bar(arm.share, found[name]))
        rows.append(
            {"labels": f"{arm.share:.0%}", "arm": arm.label, "folds": ranges(arm.folds), "seeds": ranges(arm.pools)}
            | {TITLES[name]: with_ends(found[name]) for name in _METRICS}
        )
    sentence = (
        "Shares of the training patients, a smaller one lying within a larger; thresholds and calibration still come "
        "from the whole validation fold."
    )
    drawing = Drawing("label_shares", "AUROC and AUPRC over the share of the labels.", share_figure(metrics), 560)
    return Section("shares", "With fewer labels", (sentence,), {"": pd.DataFrame(rows)}, (drawing,))


def _common(variants: dict[str, Arm]) -> dict[str, list[Pool]]:
    """Give the pools of each variant, of the seeds and records that all have, in the figure's order."""
    seeds = reduce(set.intersection, [set(arm.pools) for arm in variants.values()])
    found: dict[str, list[Pool]] = {}
    for seed in sorted(seeds):
        keys = reduce(np.intersect1d, [arm.pools[seed].keys for arm in variants.values()])
        for variant, arm in variants.items():
            if len(keys):
                found.setdefault(variant, []).append(arm.pools[seed].only(keys))
    place = {name: number for number, name in enumerate(_ORDER)}
    return dict(sorted(found.items(), key=lambda item: (place.get(item[0], len(place)), item[0])))


def _rows(study: Study, label: str, common: dict[str, list[Pool]]) -> list[dict[str, str]]:
    rows = []
    bare = next((name for name in common if set(name.split(" · ")) == {NO_TRANSFORM}), None)
    for variant, pools in common.items():
        found = study.bootstrap.estimate(pools).metrics
        row = {"arm": label, "transformations": variant} | {TITLES[name]: with_ends(found[name]) for name in _METRICS}
        gain = None
        if bare is not None and variant != bare:
            gain = study.bootstrap.difference(list(zip(pools, common[bare], strict=True)))["auroc"]
        row["AUROC less that of none"] = with_ends(gain, signed=True) if gain else NONE
        row["p"] = chance(gain.p) if gain else NONE
        row["paper"] = _direction(variant)
        row["records"] = number(float(len(pools[0])), 0)
        row["seeds"] = str(len(pools))
        rows.append(row)
    return rows


def _direction(variant: str) -> str:
    parts = set(variant.split(" · "))
    if parts == {NO_TRANSFORM}:
        return "lowest, no number"
    if parts <= {"T1", "T2"}:
        return "highest, no number"
    return "between, no number" if parts <= set(_ORDER) else "not in the paper"


def _bars(study: Study, common: dict[str, list[Pool]]) -> list[Bar]:
    return [_bar(variant, study.bootstrap.estimate(pools).metrics["auroc"]) for variant, pools in common.items()]


def _bar(at: float | str, found: Interval) -> Bar:
    return Bar(at, found.value, found.low, found.high)
