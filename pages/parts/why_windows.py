"""A recording window by window: probabilities along it, and a way from each into the paper."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from ecgssl_core.inference.explained import Timeline
from ecgssl_core.plots.paper_ecg import SECONDS
from ecgssl_core.plots.timeline import timeline_figure
from pages.parts.cache import service
from pages.parts.case import Case
from pages.parts.keys import CLASS, PAPER_FROM
from pages.parts.names import plain_text, shown_name
from pages.parts.take import offer_rows
from pages.parts.terms import help_on

_WEIGHT = "weight of the series"
_MOST = 6  # classes at once
_FIRST = 3
_JUMPED, _STARTS = "jumped", "window starts"
_LISTED = 500  # windows in the list; of more, those with the highest probability of the chosen class


def show_windows(case: Case) -> None:
    """Show the probabilities of chosen classes over time; a click leads into the paper at that second."""
    line = case.asked(
        "timeline", "Going along the recording", lambda: service().timeline(case.card.folder, case.record)
    )
    if line is None:
        return
    names = {one.code: plain_text(one.name) for one in case.findings}
    thresholds = {names[one.code]: one.threshold for one in case.findings}
    codes = st.multiselect(
        "Classes",
        list(names),
        _usual(case, line),
        format_func=names.__getitem__,
        max_selections=_MOST,
        key="timeline classes",
        help=help_on("Window"),
    )
    if not codes:
        st.info("Choose a class to see where in the recording its probability is high.")
        return
    columns = {names[code]: line.probabilities[:, line.codes.index(code)] for code in codes}
    begin = float(st.session_state.get(PAPER_FROM, 0.0) or 0.0)
    long = case.record.seconds > SECONDS
    shown = (begin, min(begin + SECONDS, case.record.seconds)) if long else None
    st.plotly_chart(
        timeline_figure(line.starts_s, line.window_s, columns, thresholds, shown),
        key="timeline",
        config={"displayModeBar": False},
        on_select=_from_chart,
        selection_mode="points",
        alt=f"Probability of {', '.join(columns)} over {len(line.starts_s)} windows of {line.window_s:g} s.",
    )
    words = " Grey: what is on the paper above. A click on a point, or on a row, brings it there." if long else ""
    st.caption(f"Dotted: thresholds.{words}")
    chosen = st.session_state.get(CLASS)
    _list(line, columns, names[chosen if chosen in codes else codes[0]])
    if st.session_state.pop(_JUMPED, False):
        st.rerun()  # the paper stands above this panel


def _usual(case: Case, line: Timeline) -> list[str]:
    """Give the codes that are drawn at first: the chosen class, and those that rise highest above their thresholds."""
    said = {one.code: one.threshold for one in case.findings if one.status != "not assessed"}
    over = {code: float(line.probabilities[:, line.codes.index(code)].max()) / max(said[code], 1e-9) for code in said}
    return sorted(over, key=lambda code: (code != st.session_state.get(CLASS), -over[code]))[:_FIRST]


def _list(line: Timeline, columns: Mapping[str, NDArray[np.float32]], name: str) -> None:
    rows: list[dict[str, Any]] = [
        {
            "begins, s": start,
            "ends, s": start + line.window_s,
            **{name: float(values[at]) for name, values in columns.items()},
        }
        for at, start in enumerate(line.starts_s)
    ]
    if line.gates is not None:
        for row, (time, _) in zip(rows, line.gates.tolist(), strict=True):
            row[_WEIGHT] = time
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{len(rows)} windows** of {line.window_s:g} s", width="content")
        offer_rows("windows", rows)
    if len(rows) > _LISTED:
        rows = sorted(rows, key=lambda row: -row[name])[:_LISTED]
        st.caption(f"The {_LISTED} with the highest probability of {shown_name(name)}; the file has all.")
    bar = st.column_config.ProgressColumn(format="%.3f", min_value=0.0, max_value=1.0)
    st.session_state[_STARTS] = [row["begins, s"] for row in rows]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=240,
        column_config={
            **dict.fromkeys(columns, bar),
            **dict.fromkeys(("begins, s", "ends, s", _WEIGHT), st.column_config.NumberColumn(format="%.2f")),
        },
        on_select=_from_list,
        selection_mode="single-row",
        key="windows",
        alt=f"{len(rows)} windows with their probabilities; a row that is chosen is brought to the paper.",
    )


def _from_chart() -> None:
    points = st.session_state["timeline"]["selection"]["points"]
    if points:
        _jump(float(points[0]["customdata"]))


def _from_list() -> None:
    rows = st.session_state["windows"]["selection"]["rows"]
    if rows:
        _jump(st.session_state[_STARTS][rows[0]])


def _jump(start_s: float) -> None:
    """Bring a window to the paper, with a second before it."""
    st.session_state[PAPER_FROM] = max(float(int(start_s)) - 1.0, 0.0)
    st.session_state[_JUMPED] = True
