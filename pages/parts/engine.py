"""What does the work: processes, threads and queue; the model that speaks; and the installation, checked when asked."""

import json
from pathlib import Path

import pandas as pd
import streamlit as st

from ecgssl_core.cores import usable_cores
from ecgssl_core.errors import BundleError, EcgError
from ecgssl_core.inference.card import choose_default, chosen_model, default_model, find_models
from ecgssl_core.jobs.checkup import Checked, checkup
from ecgssl_core.jobs.places import in_state, is_worked_off
from ecgssl_core.runs import data_root
from pages.parts.about import show_rows, versions
from pages.parts.pending import awaited, forget

_CHECKED, _CHOICE = "checkup", "default_choice"
_GRAPHICS = (Path("/dev/nvidiactl"), Path("/dev/kfd"))  # what drivers of NVIDIA and AMD put there


def show_engine() -> None:
    """Show on what predictions and trainings run, and what waits."""
    root, card = data_root(), any(path.exists() for path in _GRAPHICS)
    queued, running = len(in_state(root, "queued")), len(in_state(root, "starting", "running"))
    cores = usable_cores()
    show_rows(
        {
            "Processor cores": f"{cores} for this program",
            "Reading": "one process a set of files, which ends with it",
            "Predictions": "a warm process of its own, on the processor; one thread a network, so that its numbers "
            "come out alike everywhere",
            "Training": f"a process a run, {_threads(max(1, cores - 1))} unless OMP_NUM_THREADS says otherwise; "
            + ("on the graphics card" if card else "on the processor, no graphics card is here"),
            "Queue": f"{running} running, {queued} waiting; "
            + ("a worker looks after it" if is_worked_off(root) else "no worker is needed now"),
        }
    )
    st.page_link("pages/train.py", label="Jobs", icon=":material/model_training:")


def choose_usual_model() -> None:
    """Let the model be chosen that is used where none is named."""
    names = [path.name for path in find_models()]
    try:
        usual = default_model().name
    except BundleError as error:
        st.info(str(error))
        st.page_link("pages/models.py", label="Import a model", icon=":material/move_to_inbox:")
        return
    st.selectbox(
        "Model where none is named",
        names,
        names.index(usual),
        key=_CHOICE,
        on_change=_choose,
        help="On the pages and on the command line of this data folder.",
        width=420,
    )
    said = (
        "It was chosen here."
        if chosen_model() == usual
        else "No default was chosen: the released model whose name comes last is used."
    )
    st.caption(said)


def show_checkup() -> None:
    """Check the installation when asked, and offer what a report of a fault should hold."""
    asked = st.session_state.get(_CHECKED, 0)
    st.button("Check the installation", key="check", icon=":material/health_and_safety:", on_click=_ask)
    if not asked:
        st.caption("Versions, the data folder, the process that reads files, and every part of every model.")
        return
    try:
        found = awaited((_CHECKED, asked), "Checking", checkup)
    except EcgError as error:
        st.error(str(error))
        return
    if found is not None:
        _show_checked(found)


def _show_checked(found: tuple[Checked, ...]) -> None:
    wrong = [one for one in found if not one.fine]
    if wrong:
        st.error(f"{len(wrong)} of {len(found)} things are not as they should be.", icon=":material/error:")
    else:
        st.success(f"All {len(found)} things are as they should be.", icon=":material/check_circle:")
    rows = [
        {"": "✓ fine" if one.fine else "✗ wrong", "what": one.what, "found": one.text}
        for one in (*wrong, *(one for one in found if one.fine))
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="What was checked, what is wrong first.")
    report = {"versions": versions(), "checks": rows}
    st.download_button(
        "For a report of a fault (JSON)",
        json.dumps(report, indent=1, ensure_ascii=False),
        "ecg-workbench-report.json",
        "application/json",
        key="fault_report",
        icon=":material/bug_report:",
        help="Versions and what was checked; no recording, no name of a person, no path.",
        on_click="ignore",
    )


def _choose() -> None:
    choose_default(st.session_state[_CHOICE])


def _ask() -> None:
    asked = st.session_state.get(_CHECKED, 0)
    forget((_CHECKED, asked))
    st.session_state[_CHECKED] = asked + 1


def _threads(count: int) -> str:
    return f"{count} thread{'s' * (count != 1)}"
