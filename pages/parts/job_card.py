"""A run as a card: state, progress, time left, curves, log, Cancel and Resume; all of it read from the run folder."""

import json
from collections.abc import Callable

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.jobs import cancel, resume
from ecgssl_core.plots.curves import curve_figure
from ecgssl_core.runs import ENDED, RESUMABLE, RunDir, RunState
from ecgssl_core.settings import Settings, settings_text
from pages.parts.names import shown_name
from pages.parts.words_of_time import spoken

SAID = "train_said"
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
CURVES = ("loss", "teacher_entropy", "kl_to_uniform", "feature_rank", "auroc", "auprc", "rate")
STUCK_S = 60
FIRST_EPOCH = "Reading the records, then the first epoch"
REASON_LENGTH = 300
INTERRUPTED = "Its process is gone, perhaps because the machine stopped. Resume goes on from the last checkpoint."


def job_card(run: RunDir, expanded: bool) -> None:
    """Draw the card of a run; a damaged one is a card with one sentence."""
    with st.container(border=True, key=f"card-{run.name.replace('.', '-')}"):
        try:
            state, settings = run.state(), run.settings()
        except EcgError as error:
            st.error(str(error))
            return
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            _title(run, state, settings)
            _button(run, state, settings)
        _progress(state)
        details = st.expander("Curves, log and settings", expanded, key=f"details {run.name}", on_change="rerun")
        if details.open:
            with details:
                _details(run, settings)


def is_active(run: RunDir) -> bool:
    """Tell whether something may still happen to a run by itself."""
    try:
        return run.state().state not in ENDED
    except EcgError:
        return False


def _title(run: RunDir, state: RunState, settings: Settings) -> None:
    color, icon = LOOKS[state.state]
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        st.markdown(f"**{shown_name(settings.preset or settings.method)}**", width="content")
        st.badge(state.state, color=color, icon=icon)
        st.caption(f"{settings.arm}, {settings.scored_on} · `{run.name}`", width="content")


def _button(run: RunDir, state: RunState, settings: Settings) -> None:
    if state.state not in ENDED:
        asked = run.stop_asked()
        label = "Cancelling after this step" if asked else "Cancel"
        st.button(label, key=f"cancel {run.name}", disabled=asked, on_click=_try, args=(cancel, run))
    elif state.state in RESUMABLE:
        st.button("Resume", key=f"resume {run.name}", on_click=_try, args=(resume, run))
    elif settings.method in ("supervised", "baseline"):
        st.page_link("pages/results.py", label="Results", icon=":material/table:", query_params={"runs": run.name})


def _progress(state: RunState) -> None:
    if state.state in ("starting", "running"):
        left = f", about {spoken(state.seconds_left)} left" if state.seconds_left is not None else ""
        done = f"Epoch {state.epoch} of {state.epochs} done" if state.steps else FIRST_EPOCH
        st.progress(state.share, f"{done}{left}")
        if (state.heartbeat_age_s or 0) > STUCK_S:
            st.warning(f"No sign of life for {spoken(state.heartbeat_age_s or 0)}; its process is still there.")
    elif state.state == "queued":
        st.caption("Waits for its turn: runs are worked off one at a time.")
    elif state.state == "interrupted":
        st.warning(INTERRUPTED)
    elif state.state == "failed":
        st.error(shown_name(state.reason, REASON_LENGTH) or "It ended without a word; the log may tell more.")
    elif state.state != "done":
        st.caption(f"Ended after epoch {state.epoch} of {state.epochs}. {shown_name(state.reason, REASON_LENGTH)}")


def _try(action: Callable[[RunDir], None], run: RunDir) -> None:
    try:
        action(run)
    except EcgError as error:
        st.session_state[SAID] = str(error)


def _details(run: RunDir, settings: Settings) -> None:
    metrics = run.metrics()
    names = [name for name in CURVES if any(name in line for line in metrics)]
    if names:
        st.plotly_chart(
            curve_figure(metrics, names), key=f"curves {run.name}", alt=f"Curves over the steps: {', '.join(names)}."
        )
    else:
        st.caption("No curve yet: the first point comes with the first epoch.")
    st.code(run.last_words() or "Nothing was printed yet.", language=None, wrap_lines=True, height=180)
    with st.container(horizontal=True, vertical_alignment="center"):
        text = settings_text(settings)
        st.download_button("Settings", text, f"{run.name}.toml", "application/toml", key=f"toml {run.name}")
        lines = "".join(f"{json.dumps(line)}\n" for line in metrics)
        st.download_button("Curves", lines, f"{run.name}.jsonl", key=f"jsonl {run.name}", disabled=not metrics)
