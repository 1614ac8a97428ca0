"""A sweep as one card: one bar, counts by state, time left, its runs as a table, all of them ended or resumed."""

import pandas as pd
import streamlit as st

from ecgssl_core.jobs import SweepState, cancel_all, cause_of, resume_all
from ecgssl_core.runs import RESUMABLE, Glance
from pages.parts.job_card import LOOKS, REASON_LENGTH, attempt
from pages.parts.names import plain_text, shown_name
from pages.parts.plain_csv import plain_csv
from pages.parts.words_of_time import spoken

GONE = ("gray", ":material/delete:")


def sweep_card(sweep: SweepState, expanded: bool) -> None:
    """Draw the card of a sweep.

    Args:
        sweep: how far it is.
        expanded: whether its runs are shown at once.
    """
    key = sweep.name.replace(".", "-")
    with st.container(border=True, key=f"sweep-{key}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            _title(sweep)
            _buttons(sweep)
        left = f", about {spoken(sweep.seconds_left)} left" if sweep.seconds_left else ""
        st.progress(sweep.share, f"{sweep.counts.get('done', 0)} of {len(sweep.parts)} runs done{left}")
        _failures(sweep)
        runs = st.expander("Runs", expanded, key=f"runs of {sweep.name}", on_change="rerun")
        if runs.open:
            with runs:
                _table(sweep)


def _title(sweep: SweepState) -> None:
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        st.markdown(f"**{shown_name(sweep.name)}**", width="content")
        for state, count in sweep.counts.items():
            color, icon = LOOKS.get(state, GONE)
            st.badge(f"{count} {state}", color=color, icon=icon)


def _buttons(sweep: SweepState) -> None:
    runs = [one for one in sweep.parts.values() if one is not None]
    states = [one.state.state for one in runs if one.state]
    with st.container(horizontal=True, vertical_alignment="center", width="content", gap="small"):
        if sweep.is_active:
            asked = all(one.run.stop_asked() for one in runs if one.is_active)
            label = "Cancelling after this step" if asked else "Cancel all"
            st.button(label, key=f"cancel {sweep.name}", disabled=asked, on_click=attempt, args=(cancel_all, runs))
        if any(state in RESUMABLE for state in states):
            st.button("Resume all", key=f"resume {sweep.name}", on_click=attempt, args=(resume_all, runs))
        scored = [one.name for one in runs if one.state and one.state.state == "done" and _is_scored(one)]
        if scored:
            address = {"runs": ",".join(scored)}
            st.page_link("pages/results.py", label="Results", icon=":material/table:", query_params=address)


def _is_scored(one: Glance) -> bool:
    return one.settings is not None and one.settings.method in ("supervised", "baseline")


def _failures(sweep: SweepState) -> None:
    """Say why runs of the sweep failed, each cause once."""
    causes: dict[str, list[str]] = {}
    for part, one in sweep.parts.items():
        cause = cause_of(one.run, one.state) if one and one.state else None
        if cause:
            causes.setdefault(f"**{cause.name}.** {cause.remedy}", []).append(part)
    for text, parts in causes.items():
        others = f" and {len(parts) - 1} more" if len(parts) > 1 else ""
        st.error(f"{text} ({shown_name(parts[0], REASON_LENGTH)}{others})")


def _table(sweep: SweepState) -> None:
    rows = [
        {
            "part": plain_text(part),
            "state": one.state.state if one and one.state else "gone",
            "done": one.state.share if one and one.state else 0.0,
            "epoch": f"{one.state.epoch} of {one.state.epochs}" if one and one.state else "",
            "said": plain_text(one.state.reason) if one and one.state else "",
            "run": f"/train?run={one.name}" if one else "",
        }
        for part, one in sweep.parts.items()
    ]
    frame = pd.DataFrame(rows)
    columns = {
        "done": st.column_config.ProgressColumn("done", min_value=0.0, max_value=1.0, format="percent"),
        "run": st.column_config.LinkColumn("run", display_text=r"run=(.*)"),
    }
    st.dataframe(frame, hide_index=True, column_config=columns, key=f"parts {sweep.name}", alt="Runs of the sweep")
    name = f"{sweep.name}.csv"
    st.download_button("Table as CSV", plain_csv(frame), name, "text/csv", key=f"csv {sweep.name}", on_click="ignore")
