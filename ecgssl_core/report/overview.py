"""All arms beside each other in the paper's columns: pooled folds with intervals, seeds, and the spread over folds."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ecgssl_core.evaluation import METRICS
from ecgssl_core.plots.folds import fold_figure
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import LACKING, TITLES, ranges, spread, with_ends


def overview_section(study: Study) -> Section:
    """Give one row an arm: pooled figures with intervals, then the spread over seeds and folds."""
    tables = {
        "Pooled test folds, mean over seeds, with 95 % intervals over patients": pooled_table(study),
        "Mean ± standard deviation over folds, each over the classes it has: a spread, no interval": fold_table(study),
    }
    if any(len(arm.pools) > 1 for arm in study.whole):
        tables["Mean ± standard deviation over seeds of the pooled figures: a spread, no interval"] = seed_table(study)
    rows = fold_rows(study.networks)
    return Section(
        "overview",
        "The arms beside each other",
        (
            "Pooled and per-fold figures differ, for a fold has few positives of most classes and each fold's model "
            "scores on a scale of its own: read them together. A replicate that draws no positive, or no negative, of "
            "a class skips it: the last column is the share of such replicates.",
        ),
        tables,
        (Drawing("folds", "Each metric of each fold, arm beside arm, with mean and spread.", fold_figure(rows), 640),),
    )


def pooled_table(study: Study) -> pd.DataFrame:
    """Give one row an arm, with a column a metric: value [interval]."""
    rows = []
    for arm in study.whole:
        found = study.estimate(arm)
        metrics = {title: with_ends(found.metrics[name]) for name, title in TITLES.items()}
        counts = {"classes": found.metrics["auroc"].classes, LACKING: f"{found.lacking_any:.1%}"}
        rows.append({**_about(arm), **metrics, **counts})
    return pd.DataFrame(rows)


def seed_table(study: Study) -> pd.DataFrame:
    """Give one row an arm of several seeds, with a column a metric: mean ± standard deviation over seeds."""
    rows = []
    for arm in study.whole:
        if len(arm.pools) > 1:
            values = study.estimate(arm).by_seed
            rows.append(
                {"arm": arm.title, "seeds": ranges(arm.pools)} | {TITLES[m]: _spread(values[m]) for m in METRICS}
            )
    return pd.DataFrame(rows)


def fold_table(study: Study) -> pd.DataFrame:
    """Give one row an arm, with a column a metric: mean ± standard deviation over folds."""
    rows = fold_rows(study.whole)
    folds = rows.groupby(["arm", "metric", "fold"], sort=False)["value"].mean().groupby(["arm", "metric"], sort=False)
    text = {key: _spread(values) for key, values in folds}
    return pd.DataFrame(
        [
            {**_about(arm), **{title: text.get((arm.title, title), "–") for title in TITLES.values()}}
            for arm in study.whole
        ]
    )


def fold_rows(arms: Iterable[Arm]) -> pd.DataFrame:
    """Give one row a run and metric: arm, fold, metric, value, low, high, as `fold_figure` takes them."""
    rows = []
    for arm in arms:
        for run in arm.runs:
            for name, title in TITLES.items():
                ends = {end: run.results["test"][name].get(end) for end in ("value", "low", "high")}
                rows.append({"arm": arm.title, "fold": run.settings.data.fold, "metric": title, **ends})
    return pd.DataFrame(rows).astype({"value": float, "low": float, "high": float})


def _about(arm: Arm) -> dict[str, str]:
    return {
        "arm": arm.title,
        "folds": ranges(arm.folds),
        "seeds": ranges(arm.pools),
        "records": f"{max(len(pool) for pool in arm.pools.values()):,}",
    }


def _spread(values: Iterable[float]) -> str:
    known = np.array([value for value in values if value == value])
    if not known.size:
        return "–"
    return spread(float(known.mean()), float(known.std(ddof=1)) if len(known) > 1 else float("nan"))
