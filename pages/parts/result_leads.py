"""AUROC by the number of leads that the network is given, and the scoring that it takes, as a job."""

import subprocess
from pathlib import Path

import streamlit as st

from ecgssl_core.jobs.launch import COMMAND, launch
from ecgssl_core.runs import data_root
from pages.parts.asked import Asked
from pages.parts.names import plain_text, shown_name
from pages.parts.take_away import show_section

_SCORING = "lead sets"  # of the session: the process that scores
_MOST_RUNS = 20  # of one job


def show_leads(asked: Asked) -> None:
    """Draw the lead sets of the arms that were scored so, and offer to score the others."""
    facts = asked.facts()
    if facts is None:
        return
    missing: list[str] = facts["without_leads"]
    process: subprocess.Popen[bytes] | None = st.session_state.get(_SCORING)
    if process is not None and process.poll() is None:
        _watch(process)
    section = asked.section("Drawing patients anew for every set of leads", "section", name="fewer leads")
    if section:
        show_section(section)
    if missing and (process is None or process.poll() is not None):
        _offer(missing)


def _offer(missing: list[str]) -> None:
    st.info(
        f"{len(missing)} runs of networks were not scored with fewer leads yet. Each takes its test fold again with "
        "12, 6, 4, 3, 2 and 1 leads: some ten seconds a run.",
        icon=":material/ecg:",
    )
    few = missing[:_MOST_RUNS]
    with st.container(horizontal=True, vertical_alignment="center"):
        label = f"Score {len(few)} run{'s' * (len(few) > 1)} with fewer leads"
        st.button(label, key="score_leads", type="primary", on_click=_begin, args=(few,))
        st.caption(f"`python -m ecgssl_core lead-sets {few[0]} …` does the same.", width="content")
    said = _last_words()
    if said:
        st.caption(f"It ended with: {shown_name(said, 300)}")


def _begin(names: list[str]) -> None:
    _log().write_bytes(b"")
    st.session_state[_SCORING] = launch([*COMMAND, "lead-sets", *names, "--score-only"], _log(), data_root())


@st.fragment(run_every=1.0)
def _watch(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/hourglass_top: {shown_name(_last_words() or 'Starting …', 200)}", width="content")
        st.button("Stop", key="stop_leads", on_click=process.terminate, type="tertiary")


def _last_words() -> str:
    lines = _log().read_text(errors="replace").splitlines() if _log().is_file() else []
    return plain_text(next((line for line in reversed(lines) if line.strip()), ""))


def _log() -> Path:
    return data_root() / "runs" / ".lead-sets.log"
