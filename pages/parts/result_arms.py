"""Arms side by side: mean and spread over folds, pooled figures with intervals, differences to one of them."""

import pandas as pd
import streamlit as st

from ecgssl_core.plots.folds import arm_figure, fold_figure
from ecgssl_core.report.card import Drawing
from pages.parts.asked import Asked
from pages.parts.run_table import fold_rows, fold_table, mean_table
from pages.parts.scored import METRICS
from pages.parts.take_away import offer_table, show_drawing, show_section, show_table
from pages.parts.terms import help_on

SPREAD, POOLED = "Mean ± sd over folds", "Pooled, with 95 % intervals"
_BESIDE = 5  # more arms than that stand below each other
_BASELINE_HELP = "Every other arm is compared with it, on the records that both have."


def show_arms(asked: Asked) -> None:
    """Draw the arms in the paper's columns, fold by fold, and each against one that is chosen."""
    rows = fold_rows(list(asked.runs))
    kind = st.segmented_control(
        "Figures", (SPREAD, POOLED), default=SPREAD, required=True, key="figures", bind="query-params",
        help=help_on("Spread over folds"),
    )  # fmt: skip
    if kind == SPREAD:
        _means(rows)
    else:
        _pooled(asked)
    if all("challenge_2017" in run.raw for run in asked.runs):
        _rhythms(asked)
    _points(rows)
    with st.expander("Fold by fold", icon=":material/view_week:"):
        by_fold = fold_table(rows)
        numbers = {title: st.column_config.NumberColumn(format="%.3f") for title, _ in METRICS.values()}
        st.dataframe(
            by_fold, hide_index=True, column_config=numbers, placeholder="–", alt="Metrics of each arm and fold."
        )
        offer_table(by_fold.round(4), "Metrics of each arm and fold", "folds")
    st.subheader("Paired differences", anchor=False, help=help_on("Paired difference"))
    _differences(asked)


def _rhythms(asked: Asked) -> None:
    section = asked.section("Scoring rhythms", "section", name="the challenge of 2017")
    if section:
        st.subheader(section.title, anchor=False, help=help_on("Challenge of 2017"))
        show_section(section)


def _means(rows: pd.DataFrame) -> None:
    show_table(mean_table(rows), "Mean and standard deviation over the folds", "arms")
    st.caption(
        "Mean over the folds ± their standard deviation: the spread between folds, no interval of the mean. "
        "Runs that differ in seed or in transformations alone count together here; the pooled figures keep them apart."
    )
    folds = rows.groupby("arm")["fold"].agg(lambda found: tuple(sorted(set(found))))
    if folds.nunique() > 1:
        st.warning(
            "The arms were scored on different folds, so their means do not compare. The paired differences below use "
            "only the records that both arms have.",
            icon=":material/balance:",
        )


def _points(rows: pd.DataFrame) -> None:
    """Draw each fold: all metrics of few arms beside each other, or one metric of many below each other."""
    if rows["arm"].nunique() <= _BESIDE:
        alt = "Points: each metric of each fold, arm beside arm, with the mean."
        show_drawing(Drawing("folds", alt, fold_figure(rows)))
        return
    titles = [title for title, _ in METRICS.values()]
    metric = st.segmented_control("Metric of each fold", titles, default=titles[0], required=True, key="fold_metric")
    alt = f"Points: {metric} of each fold, a row an arm, with the mean."
    show_drawing(Drawing("folds", alt, arm_figure(rows, metric)))


def _pooled(asked: Asked) -> None:
    section = asked.section("Drawing patients anew for every arm", "arms")
    if section:
        caption, table = next(iter(section.tables.items()))
        show_table(table, caption, "pooled")
        st.caption(f"{caption}. {' '.join(section.sentences)}")


def _differences(asked: Asked) -> None:
    facts = asked.facts()
    if facts is None:
        return
    if len(facts["every"]) < 2:
        st.info("A difference needs a second arm: choose more runs above.")
        return
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    baseline = left.selectbox("Baseline", facts["every"], key="baseline", bind="query-params", help=_BASELINE_HELP)
    titles = {name: title for name, (title, _) in METRICS.items()}
    metrics = right.pills(
        "Metrics", titles, selection_mode="multi", default=["auroc", "auprc"], format_func=titles.__getitem__,
        key="compared_metrics", help=help_on("Holm correction"),
    )  # fmt: skip
    kept = [name for name in titles if name in metrics] or ["auroc"]
    section = asked.section(f"Comparing every arm with {baseline}", "against", baseline=baseline, metrics=kept)
    if section:
        show_section(section)
