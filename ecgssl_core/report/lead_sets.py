"""How well arms do with fewer leads, the others being silent."""

from typing import Any

import numpy as np
import pandas as pd

from ecgssl_core.evaluation import Interval
from ecgssl_core.plots.leads import lead_figure
from ecgssl_core.plots.shares import Bar
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.lead_figures import MARGIN, ScoredSets, SetFigures, ends_tree, limb_gap, set_figures, sets_tree
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import NONE, TITLES, number, ranges, with_ends

_METRICS = ("auroc", "auprc")
_SENTENCE = (
    "The test folds scored again with fewer leads, the others held at 0 mV; limb leads that follow from I and II are "
    "worked out. Calibration and thresholds stay those of all leads, and nothing was trained anew: this says what a "
    "missing lead costs this network, not what one trained on fewer leads could do."
)
_PAIRED = (
    "Differences are to the set with the most leads, on the same records and in the same replicates of patients; "
    f"equal is what lies within {MARGIN:g} AUROC with its whole interval, a margin fixed beforehand."
)
_BY_CLASS = "Difference in AUROC to all leads, class by class (classes in the macro means)"


def lead_section(study: Study) -> Section | None:
    """Give AUROC and AUPRC of each arm by the leads that it is given; None where no run was scored so."""
    rows: list[dict[str, str]] = []
    classes: list[dict[str, str]] = []
    lines: dict[str, list[Bar]] = {}
    gaps: list[str] = []
    for arm in study.whole:
        runs = scored_sets(arm)
        if not runs:
            continue
        sets = set_figures(study.bootstrap, runs)
        folds = ranges({run.fold for run in runs})
        rows += [_row(arm, one, folds) for one in sets]
        classes += _class_rows(study, arm, sets)
        heights = [(one.name, one.found.metrics["auroc"]) for one in sets]
        lines[arm.title] = [Bar(name, at.value, at.low, at.high) for name, at in heights]
        gap = limb_gap(study.bootstrap, runs)
        if gap is not None:
            gaps.append(
                f"{arm.title}: six limb leads less I and II {with_ends(gap, 4, signed=True)} AUROC. The two hold all "
                "that the six do, so any difference is an artefact of the model."
            )
    if not rows:
        return None
    tables = {"": pd.DataFrame(rows)} | ({_BY_CLASS: pd.DataFrame(classes)} if classes else {})
    drawing = Drawing("lead_sets", "AUROC by the leads that are given, arm over arm.", lead_figure(lines, "AUROC"), 480)
    return Section("lead_sets", "With fewer leads", (_SENTENCE, _PAIRED, *gaps), tables, (drawing,))


def lead_trees(study: Study) -> list[dict[str, Any]]:
    """Give what is known of each arm by the leads that it is given, as plain numbers."""
    trees = []
    for arm in study.whole:
        runs = scored_sets(arm)
        if runs:
            gap = limb_gap(study.bootstrap, runs)
            sets = sets_tree(study.classes, set_figures(study.bootstrap, runs))
            about = {"arm": arm.title, "folds": sorted({run.fold for run in runs}), "margin": MARGIN}
            trees.append({**about, "sets": sets, "limb_gap": None if gap is None else ends_tree(gap)})
    return trees


def without_leads(study: Study) -> list[str]:
    """Give the names of the networks' runs that were not scored with fewer leads."""
    runs = [run for arm in study.networks for run in arm.runs]
    return [run.name for run in runs if run.run.lead_scores() is None]


def scored_sets(arm: Arm) -> list[ScoredSets]:
    """Give the runs of an arm that were scored with fewer leads."""
    return [
        ScoredSets(
            run.settings.training.seed,
            run.settings.data.fold,
            run.test,
            run.results["decision"]["thresholds"],
            frame,
        )
        for run in arm.runs
        if (frame := run.run.lead_scores()) is not None
    ]


def _row(arm: Arm, one: SetFigures, folds: str) -> dict[str, str]:
    about = {"arm": arm.title, "given": one.name, "leads": one.leads, "folds": folds}
    metrics = {TITLES[name]: with_ends(one.found.metrics[name]) for name in _METRICS}
    less = {
        f"{TITLES[name]} less that of all": with_ends(one.less[name], signed=True) if one.less else NONE
        for name in _METRICS
    }
    return {**about, **metrics, **less, "AUROC is": one.verdict or NONE}


def _class_rows(study: Study, arm: Arm, sets: list[SetFigures]) -> list[dict[str, str]]:
    """Give a row a class that the macro means count, a column a set."""
    rows = []
    for place in np.flatnonzero(sets[0].found.counted):
        row = {"arm": arm.title, "class": study.classes.names[place]}
        row |= {sets[0].name: number(float(sets[0].found.per_class["auroc"][0, place]))}
        for one in sets[1:]:
            assert one.class_less is not None
            value, low, high = one.class_less[:, place].tolist()
            row[one.name] = with_ends(Interval(value, low, high, 1), signed=True)
        rows.append(row)
    return rows
