"""How well arms do with fewer leads, the others being silent."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ecgssl_core.plots.leads import lead_figure
from ecgssl_core.plots.shares import Bar
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.finished import Finished
from ecgssl_core.report.pooling import Pool, pool
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import TITLES, ranges, with_ends

_METRICS = ("auroc", "auprc")
_SENTENCE = (
    "The test folds scored again with fewer leads, the others held at 0 mV; limb leads that follow from I and II are "
    "filled in. Calibration and thresholds stay those of all leads, and nothing was trained anew: this says what a "
    "missing lead costs this network, not what one trained on fewer leads could do."
)


def lead_section(study: Study) -> Section | None:
    """Give AUROC and AUPRC of each arm by the leads that it is given; None where no run was scored so."""
    rows: list[dict[str, str]] = []
    lines: dict[str, list[Bar]] = {}
    for arm in study.whole:
        runs = [(run, frame) for run in arm.runs if (frame := run.run.lead_scores()) is not None]
        if not runs:
            continue
        lines[arm.title] = []
        sets = runs[0][1].drop_duplicates("set")
        pools = {name: _pool(arm, runs, name) for name in sets["set"]}
        study.bootstrap.lacking(list(pools.values()))  # all sets of an arm in the same draws
        for name, leads in zip(sets["set"], sets["names"], strict=True):
            found = study.bootstrap.estimate([pools[name]]).metrics
            at = found["auroc"]
            lines[arm.title].append(Bar(name, at.value, at.low, at.high))
            folds = ranges({run.settings.data.fold for run, _ in runs})
            about = {"arm": arm.title, "given": name, "leads": leads, "folds": folds}
            rows.append(about | {TITLES[metric]: with_ends(found[metric]) for metric in _METRICS})
    if not rows:
        return None
    drawing = Drawing("lead_sets", "AUROC by the leads that are given, arm over arm.", lead_figure(lines, "AUROC"), 480)
    return Section("lead_sets", "With fewer leads", (_SENTENCE,), {"": pd.DataFrame(rows)}, (drawing,))


def without_leads(study: Study) -> list[str]:
    """Give the names of the networks' runs that were not scored with fewer leads."""
    runs = [run for arm in study.networks for run in arm.runs]
    return [run.name for run in runs if run.run.lead_scores() is None]


def _pool(arm: Arm, runs: list[tuple[Finished, pd.DataFrame]], name: str) -> Pool:
    """Give the first seed's records of these runs with the scores of one set of leads."""
    seed = min(run.settings.training.seed for run, _ in runs)
    of_seed = [(run, frame) for run, frame in runs if run.settings.training.seed == seed]
    whole = pool([(run.test, run.results["decision"]["thresholds"]) for run, _ in of_seed], arm.codes)
    scores = pd.concat([frame[frame["set"] == name] for _, frame in of_seed]).set_index("key")
    ordered = scores.reindex(whole.keys)[[f"p_{code}" for code in arm.codes]]
    return replace(whole, scores=ordered.to_numpy(dtype=np.float64))
