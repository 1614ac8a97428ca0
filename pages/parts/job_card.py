"""A run as a card: state, progress, time left, and what can be done with it; all of it read from the run folder."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.jobs import cancel, cause_of, resume
from ecgssl_core.runs import ENDED, RESUMABLE, Glance, RunState
from ecgssl_core.settings import Settings, settings_text
from pages.parts.compare_runs import compare_box
from pages.parts.form_start import clone
from pages.parts.job_details import show_details
from pages.parts.job_more import more_about
from pages.parts.keys import SAID
from pages.parts.names import shown_name
from pages.parts.words_of_time import spoken

LOOKS = {
    "queued": ("gray", ":material/hourglass_empty:"),
    "starting": ("blue", ":material/rocket_launch:"),
    "running": ("blue", ":material/directions_run:"),
    "done": ("green", ":material/check:"),
    "failed": ("red", ":material/error:"),
    "cancelled": ("gray", ":material/block:"),
    "preempted": ("orange", ":material/pause:"),
    "interrupted": ("orange", ":material/power_off:"),
}
STUCK_S = 300
STUCK_WORDS = "Its process is there: the machine may be busy. If this lasts, cancel the run and resume it."
FIRST_EPOCH = "Reading the records, then the first epoch"
REASON_LENGTH = 300
ORDINALS = ("next", "second", "third")


def job_card(one: Glance, place: int | None, expanded: bool) -> None:
    """Draw the card of a run; a damaged one is a card with one sentence.

    Args:
        one: the run.
        place: how many runs wait before it, where it waits.
        expanded: whether curves, log and settings are shown at once.
    """
    with st.container(border=True, key=f"card-{one.name.replace('.', '-')}"):
        if one.state is None or one.settings is None:
            st.error(shown_name(one.damage, REASON_LENGTH))
            more_about(one)
            return
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            _title(one, one.state, one.settings)
            _buttons(one, one.state, one.settings)
        show_progress(one, one.state, place)
        _remarks(one)
        details = st.expander("Curves, log and settings", expanded, key=f"details {one.name}", on_change="rerun")
        if details.open:
            with details:
                show_details(one.run, one.settings)


def show_progress(one: Glance, state: RunState, place: int | None) -> None:
    """Draw how far a run is, or how it ended: a failure with its cause and what to do."""
    if state.state in ("starting", "running"):
        left = f", about {spoken(state.seconds_left)} left" if state.seconds_left is not None else ""
        done = f"Epoch {state.epoch} of {state.epochs} done" if state.steps else FIRST_EPOCH
        st.progress(state.share, f"{done}{left}")
        if (state.heartbeat_age_s or 0) > STUCK_S:
            st.info(f"Nothing new for {spoken(state.heartbeat_age_s or 0)}. {STUCK_WORDS}")
    elif state.state == "queued":
        st.caption(_waits(place))
    elif state.state in ("failed", "interrupted"):
        _failure(one, state)
    elif state.state == "done":
        worked = f" in {spoken(state.worked_s)}" if state.worked_s else ""
        st.caption(f"Done{worked}, {spoken(state.seconds)} ago.")
    else:
        st.caption(f"Ended after epoch {state.epoch} of {state.epochs}. {shown_name(state.reason, REASON_LENGTH)}")


def _waits(place: int | None) -> str:
    if place is None:
        return "Waits for its turn."
    turn = ORDINALS[place] if place < len(ORDINALS) else f"number {place + 1}"
    return f"Waits for its turn: {turn} in the queue."


def _failure(one: Glance, state: RunState) -> None:
    cause = cause_of(one.run, state)
    if cause is None:
        return
    reached = f" It had come to epoch {state.epoch} of {state.epochs}." if state.epoch else ""
    kind: Callable[..., Any] = st.error if state.state == "failed" else st.warning
    kind(f"**{cause.name}.** {cause.remedy}{reached}")
    if state.reason:
        st.caption(f"It said: {shown_name(state.reason, REASON_LENGTH)}")


def _title(one: Glance, state: RunState, settings: Settings) -> None:
    color, icon = LOOKS[state.state]
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        st.markdown(f"**{shown_name(settings.preset or settings.method)}**", width="content")
        st.badge(state.state, color=color, icon=icon)
        pack = settings.data.pack.rstrip("/").rpartition("/")[2]
        what = " · ".join(filter(None, [settings.arm, shown_name(pack), settings.scored_on]))
        st.caption(f"{what} · `{one.name}`", width="content")


def _buttons(one: Glance, state: RunState, settings: Settings) -> None:
    with st.container(horizontal=True, vertical_alignment="center", width="content", gap="small"):
        run = one.run
        if state.state not in ENDED:
            asked = run.stop_asked()
            label = "Cancelling after this step" if asked else "Cancel"
            st.button(label, key=f"cancel {run.name}", disabled=asked, on_click=attempt, args=(cancel, run))
        elif state.state in RESUMABLE:
            st.button("Resume", key=f"resume {run.name}", on_click=attempt, args=(resume, run))
        elif settings.method in ("supervised", "baseline"):
            st.page_link("pages/results.py", label="Results", icon=":material/table:", query_params={"runs": run.name})
        if st.button("Clone", key=f"clone {run.name}", help="A new training, its form filled with these settings."):
            clone(settings_text(settings))
            st.rerun()
        compare_box(run.name)
        more_about(one)


def attempt(action: Callable[..., Any], *what: Any) -> None:
    """Do something with runs; what is wrong is said above them in the next run of the page."""
    try:
        action(*what)
    except EcgError as error:
        st.session_state[SAID] = shown_name(str(error), REASON_LENGTH)


def _remarks(one: Glance) -> None:
    if one.remarks.tags or one.remarks.note:
        with st.container(horizontal=True, vertical_alignment="center"):
            for tag in one.remarks.tags:
                st.badge(shown_name(tag), color="violet")
            if one.remarks.note:
                st.caption(shown_name(one.remarks.note, REASON_LENGTH), width="content")
