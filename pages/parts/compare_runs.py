"""Runs over each other: their curves, and a table of only the settings in which they differ."""

import json
import string
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ecgssl_core.plots.curves import PANEL_TITLES
from ecgssl_core.plots.overlaid import overlaid_figure
from ecgssl_core.runs import Glance, differing
from pages.parts.job_details import CURVES
from pages.parts.names import plain_text
from pages.parts.plain_csv import plain_csv

ADDRESS = "compare"  # in the address: names of runs with commas between
MOST = 7
COLUMNS = 2
FIRST_CURVES = ("loss", "knn_auroc", "teacher_entropy", "kl_to_uniform", "feature_rank", "rate")


def chosen_runs() -> list[str]:
    """Give the names of the runs that are compared, in the order in which they were chosen."""
    return [name for name in str(st.query_params.get(ADDRESS, "")).split(",") if name]


def compare_box(name: str) -> None:
    """Draw the box of a run that puts it into the comparison."""
    key, chosen = f"compare {name}", chosen_runs()
    st.session_state[key] = name in chosen
    full = len(chosen) >= MOST and name not in chosen
    st.checkbox("Compare", key=key, disabled=full, on_change=_choose, args=(name,))


def compare_runs(runs: Sequence[Glance]) -> None:
    """Draw the comparison of the runs that were chosen; nothing where there are none."""
    chosen = chosen_runs()
    if not chosen:
        return
    known = {one.name: one for one in runs if one.settings is not None}
    found = [known[name] for name in chosen if name in known][:MOST]
    with st.container(border=True, key="comparison"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown("**Comparison**", width="content")
            st.button("Clear", key="compare_clear", icon=":material/close:", on_click=_clear)
        if len(found) < 2:
            st.caption("Choose a second run: tick “Compare” on its card.")
            return
        letters = dict(zip([one.name for one in found], string.ascii_uppercase, strict=False))
        _table(found, letters)
        _curves(found, letters)


def _choose(name: str) -> None:
    chosen = [one for one in chosen_runs() if one != name]
    if st.session_state[f"compare {name}"]:
        chosen.append(name)
    if chosen:
        st.query_params[ADDRESS] = ",".join(chosen)
    else:
        _clear()


def _clear() -> None:
    st.query_params.pop(ADDRESS, None)


def _table(runs: Sequence[Glance], letters: dict[str, str]) -> None:
    settings = {one.name: one.settings for one in runs if one.settings is not None}
    about: dict[str, dict[str, Any]] = {"run": {one.name: one.name for one in runs}}
    about["preset"] = {name: one.preset for name, one in settings.items()}
    about["state"] = {one.name: _state(one) for one in runs}
    different = {key: values for key, values in differing(settings).items() if key != "preset"}
    rows = {key: {letters[name]: _said(value) for name, value in values.items()} for key, values in about.items()}
    rows |= {
        key: {letters[name]: _said(value, key) for name, value in values.items()} for key, values in different.items()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("setting").reset_index()
    if not different:
        st.caption("Their settings are the same in everything.")
    else:
        count = f"{len(different)} setting{'s' * (len(different) > 1)}"
        st.caption(f"They differ in {count}; all others are the same.")
    st.dataframe(frame, hide_index=True, key="compare_table", alt="Runs and the settings in which they differ")
    name = "compared-settings.csv"
    st.download_button("Table as CSV", plain_csv(frame), name, "text/csv", key="compare_csv", on_click="ignore")


def _curves(runs: Sequence[Glance], letters: dict[str, str]) -> None:
    metrics = {letters[one.name]: one.run.metrics() for one in runs}
    names = [name for name in CURVES if any(name in line for lines in metrics.values() for line in lines)]
    if not names:
        st.caption("None of them has written a curve yet.")
        return
    first = [name for name in FIRST_CURVES if name in names] or names
    shown = st.pills(
        "Curves",
        names,
        selection_mode="multi",
        default=first[:4],
        format_func=lambda name: PANEL_TITLES.get(name, name),
        key=f"compare_curves {','.join(names)}",
    )
    for start in range(0, len(shown), COLUMNS):
        for column, name in zip(st.columns(COLUMNS), shown[start : start + COLUMNS], strict=False):
            title = PANEL_TITLES.get(name, name)
            alt = f"Curves of {title} over the epochs of the runs {', '.join(metrics)}."
            column.plotly_chart(overlaid_figure(metrics, name), key=f"compare {name}", alt=alt)


def _state(one: Glance) -> str:
    if one.state is None:
        return "damaged"
    return f"{one.state.state}, epoch {one.state.epoch} of {one.state.epochs}"


def _said(value: Any, key: str = "") -> str:
    if key == "data.pack":
        value = str(value).rstrip("/").rpartition("/")[2]
    return plain_text(value if isinstance(value, str) else json.dumps(value))
