"""Scored runs as tables: side by side, fold by fold, over the folds, class by class; and as files to take away."""

import json

import pandas as pd
import streamlit as st

from ecgssl_core.report.words import NONE, spread
from pages.parts.plain_csv import plain_csv
from pages.parts.scored import METRICS, Scored, arm_order

TITLES = [title for title, _ in METRICS.values()]
HELP = {title: st.column_config.Column(help=text) for title, text in METRICS.values()}


def overview(runs: list[Scored]) -> pd.DataFrame:
    """Give one row a run: arm, fold, seven metrics with intervals as text, preset, date, name."""
    rows = [
        {
            "arm": run.arm,
            "fold": run.scores.fold,
            **{title: run.estimate(metric).text for metric, (title, _) in METRICS.items()},
            "preset": run.preset,
            "date": run.started,
            "run": run.name,
        }
        for run in runs
    ]
    return pd.DataFrame(rows)


def choose_runs(runs: list[Scored], linked: list[str]) -> list[Scored]:
    """Draw the table of runs, and give those that are chosen in it; all of them while none is."""
    rows = [place for place, run in enumerate(runs) if run.name in linked]
    state = st.dataframe(
        overview(runs),
        hide_index=True,
        column_config={
            **HELP,
            "arm": st.column_config.Column(pinned=True),
            "fold": st.column_config.Column(pinned=True),
            "date": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC", help="UTC"),
        },
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": rows}},
        key=f"scored {len(runs)} {runs[0].name}",  # rows are known by their place: another list is another table
        alt="Scored runs, one a row.",
    )
    return [runs[place] for place in state["selection"]["rows"]] or runs


def fold_rows(runs: list[Scored]) -> pd.DataFrame:
    """Give one row a run and metric: arm, fold, metric, value, low, high, run, preset, folds.

    An arm that was trained with several presets, or on several divisions, is named with them: they are no folds of one.
    """
    rows = []
    for run in sorted(runs, key=lambda run: arm_order(run.arm)):
        about = {"arm": run.arm, "fold": run.scores.fold}
        origin = {"run": run.name, "preset": run.preset, "folds": run.scores.folds[:12]}
        for metric, (title, _) in METRICS.items():
            rows.append({**about, "metric": title, **run.estimate(metric).model_dump(), **origin})
    table = pd.DataFrame(rows).astype({"value": float, "low": float, "high": float})
    for name in ("preset", "folds"):
        several = table.groupby("arm")[name].transform("nunique") > 1
        table["arm"] = table["arm"].where(~several, table["arm"] + " · " + table[name])
    return table


def mean_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Give one row an arm: number of folds, and of each metric the mean over the folds with their spread (sd) as text.

    Args:
        rows: as `fold_rows` gives them; several runs of one fold count as one.
    """
    folds = rows.groupby(["arm", "metric", "fold"], sort=False)["value"].mean()
    found = folds.groupby(level=["arm", "metric"], sort=False).agg(["mean", "std", "count"])
    found["text"] = [_mean_text(*each) for each in found[["mean", "std", "count"]].itertuples(index=False)]
    table = found["text"].unstack("metric")[TITLES]
    table.insert(0, "folds", rows.groupby("arm", sort=False)["fold"].nunique())
    return table.rename_axis(columns=None).reset_index()


def fold_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Give one row an arm and fold, one column a metric.

    Args:
        rows: as `fold_rows` gives them; several runs of one fold give their mean.
    """
    table = rows.groupby(["arm", "fold", "metric"], sort=False)["value"].mean().unstack("metric")[TITLES]
    return table.rename_axis(columns=None).reset_index()


def class_table(run: Scored) -> pd.DataFrame:
    """Give one row a class: code, name, positives in the test fold, AUROC, AUPRC, F1, threshold."""
    table = pd.DataFrame([score.model_dump() for score in run.scores.per_class])
    return table.rename(columns={"auroc": "AUROC", "auprc": "AUPRC", "f_measure": "F1"})


def downloads(runs: list[Scored], rows: pd.DataFrame) -> None:
    """Offer every metric of every run as CSV, and the whole scores as JSON."""
    scores = {run.name: run.raw for run in runs}
    with st.container(horizontal=True):
        st.download_button(
            "CSV", plain_csv(rows), "scores.csv", "text/csv", on_click="ignore", icon=":material/download:"
        )
        as_json = json.dumps(scores, indent=1)
        st.download_button(
            "JSON", as_json, "scores.json", "application/json", on_click="ignore", icon=":material/download:"
        )


def _mean_text(mean: float, sd: float, count: int) -> str:
    return spread(mean, sd) if count else NONE
