"""What a training will take, told before it starts: records, steps, time, disk, and the command that does the same."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.jobs import DiskNeed, Expected, disk_need, expected_time, pace_of, steps_of, tried_pace
from ecgssl_core.runs import data_root
from ecgssl_core.settings import Settings, settings_text
from pages.parts.job_words import command_line
from pages.parts.names import shown_name
from pages.parts.pack_facts import records_for
from pages.parts.pending import awaited, forget
from pages.parts.words_of_time import spoken, spoken_range

TRIED = "train_tried"  # kinds of training whose steps were asked to be tried out
_LONGEST = 300


def show_cost(settings: Settings) -> None:
    """Draw what a training with these settings will take."""
    try:
        records = records_for(settings)  # at once: the pack has been opened when its folds were asked for
        expected = _expected(settings, records)
    except EcgError as error:
        st.error(shown_name(str(error), _LONGEST))
        return
    need = disk_need(settings)
    with st.container(horizontal=True, gap="large"):
        st.metric("Training records", f"{records:,}", width="content")
        if settings.method != "baseline":
            st.metric("Epochs", f"{settings.training.epochs:,}", width="content")
            st.metric("Steps", f"{steps_of(records, settings):,}", width="content")
            st.metric("Expected time", spoken(expected.seconds) if expected else "not known yet", width="content")
        st.metric("Disk", _megabytes(need.needed_mb), width="content")
    st.caption(" ".join([_time(settings, expected), _disk(need)]))
    if not need.fits:
        st.warning(f"Only {_megabytes(need.free_mb)} of disk are free: make room before you start.")


def show_command(words: Sequence[str], root: Path, changed: Sequence[str] | None = None) -> None:
    """Draw what differs from the preset, where there is one, and the command line that starts the same."""
    if changed:
        st.caption("Different from the preset")
        st.code(" \\\n".join(f"--set {change}" for change in changed), language="bash")
    elif changed is not None:
        st.caption("Exactly the preset: nothing was changed.")
    with st.expander("The same from a shell", icon=":material/terminal:"):
        st.code(command_line(words, root), language="bash", wrap_lines=True)


def _expected(settings: Settings, records: int) -> Expected | None:
    if settings.method == "baseline":
        return None
    pace = pace_of(settings)
    kind = ("tried", settings_text(settings.model_copy(update={"data": type(settings.data)()})))
    asked: set[tuple[str, str]] = st.session_state.setdefault(TRIED, set())
    if pace is None and kind in asked:
        try:
            pace = awaited(kind, "Trying some steps on this machine", lambda: tried_pace(settings, data_root()))
        except EcgError:
            asked.discard(kind)
            forget(kind)
            raise
    elif pace is None:
        st.button(
            "Try some steps to tell the time",
            key="train_try",
            icon=":material/timer:",
            on_click=asked.add,
            args=(kind,),
            help="A few steps on noise, on this machine; takes some seconds, and keeps nothing.",
        )
    return expected_time(pace, records, settings) if pace else None


def _time(settings: Settings, expected: Expected | None) -> str:
    if settings.method == "baseline":
        return "A baseline takes seconds to minutes."
    if expected is None:
        return "No run of this kind has been measured here yet."
    return f"Likely {spoken_range(expected.low, expected.high)}, {expected.source}."


def _megabytes(amount: float) -> str:
    return "under 1 MB" if amount < 1 else f"{amount:,.0f} MB" if amount < 1000 else f"{amount / 1000:,.1f} GB"


def _disk(need: DiskNeed) -> str:
    judged = "like the last run of this preset" if need.like else "no run of this preset has been measured yet"
    return f"Disk: {judged}; {_megabytes(need.free_mb)} are free."
