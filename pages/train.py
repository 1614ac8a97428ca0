"""Train: start a training as a job, and watch, cancel and resume those that were started."""

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.jobs import wake
from ecgssl_core.runs import list_runs, open_run
from pages.parts.frame import enter_frame
from pages.parts.job_card import SAID, is_active, job_card
from pages.parts.new_run import new_run

SHOWN = 8
REFRESH_S = 2

enter_frame()
st.title("Train")
st.caption("A training runs on its own: close this page, or stop the dashboard, and nothing is lost.")

runs = list_runs()
with st.expander("New training", expanded=not runs, icon=":material/add:"):
    new_run()

linked = st.query_params.get("run")
if linked:
    try:
        runs = [open_run(linked), *[run for run in runs if run.name != linked]]
    except EcgError as error:
        st.error(str(error))

try:
    wake()
except (EcgError, OSError) as error:
    st.error(f"The waiting runs could not be started: {error}")


def show_runs(active: bool) -> None:
    """Draw the cards; once nothing is active any more, a last full run ends the refreshing."""
    if SAID in st.session_state:
        st.error(st.session_state.pop(SAID))
    shown = runs if st.session_state.get("train_all") else runs[:SHOWN]
    for run in shown:
        job_card(run, expanded=run.name == linked)
    if any(map(is_active, runs)) != active:
        st.rerun()


st.subheader("Runs")
if not runs:
    st.info("No training has been started yet. Choose a preset and a pack above.")
active = any(map(is_active, runs))
st.fragment(show_runs, run_every=REFRESH_S if active else None)(active)
if len(runs) > SHOWN:
    st.toggle(f"Show all {len(runs)} runs", key="train_all")
