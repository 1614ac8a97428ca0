"""Train: start trainings as jobs, and watch, cancel, resume, clone and compare those that were started."""

import streamlit as st

from ecgssl_core.corpus.folds import FOLDS
from ecgssl_core.corpus.pack import find_packs
from ecgssl_core.errors import EcgError
from ecgssl_core.jobs import SweepState, wake
from ecgssl_core.runs import data_root, glances, open_run
from pages.parts.compare_runs import compare_runs
from pages.parts.form_start import FORMS, take_up
from pages.parts.job_card import job_card
from pages.parts.keys import FOLD, PACK, PRESET, SAID, START
from pages.parts.names import shown_name
from pages.parts.new_run import new_run
from pages.parts.new_sweep import new_sweep
from pages.parts.no_pack import show_no_pack
from pages.parts.run_list import FEW, MORE, SHOWN, filter_row, queue_places, summary, units_of
from pages.parts.sweep_card import sweep_card
from pages.parts.trash_list import trash_list

REFRESH_S = 2

st.title("Train")
st.caption("A training runs on its own: close this page, or stop the dashboard, and nothing is lost.")


@st.fragment
def form() -> None:
    """Draw the form that was chosen."""
    found = sorted(find_packs(data_root()), key=lambda path: (not (path / FOLDS).exists(), path.name))
    packs = {path.name: path for path in found}  # one that can be trained on at once is offered first
    if not packs:
        show_no_pack("train on")
        return
    chosen = st.segmented_control("Start", FORMS, key=START, bind="query-params")
    if chosen is None:
        return
    with st.container(border=True, key="launch"):
        if chosen == FORMS[0]:
            new_run(packs)
        else:
            new_sweep(packs, "crossval" if chosen == FORMS[1] else "ablate")


def show_runs(active: bool) -> None:
    """Draw the cards; once something begins or nothing is active any more, a full run sets the refreshing anew."""
    if SAID in st.session_state:
        st.error(st.session_state.pop(SAID))
    runs = glances()
    if not runs or any(one.is_active for one in runs) != active:
        st.rerun()
    st.caption(summary(runs))
    compare_runs(runs)
    places = queue_places(runs)
    for one in [one for one in runs if one.name == linked]:
        job_card(one, places.get(one.name), expanded=True)
    units = [unit for unit in units_of(runs, data_root()) if looked_for.takes(unit)]
    if not units:
        st.info("No run is like that. Take a filter away to see the others.")
    count = st.session_state.get(SHOWN, FEW)
    for unit in units[:count]:
        if isinstance(unit, SweepState):
            sweep_card(unit, expanded=unit.name == st.query_params.get("sweep"))
        elif unit.name != linked:
            job_card(unit, places.get(unit.name), expanded=False)
    if len(units) > count:
        more = {SHOWN: count + MORE}
        st.button(f"{len(units) - count} older", key="train_more", on_click=st.session_state.update, args=(more,))
    trash_list()  # here, since a run that is deleted redraws this part alone


runs = glances()
take_up()
asked_for = {PRESET, PACK, FOLD} & set(st.query_params)
if START not in st.session_state and START not in st.query_params and (not runs or asked_for):
    st.session_state[START] = FORMS[0]
form()
try:
    wake()
except (EcgError, OSError) as error:
    st.error(shown_name(f"The waiting runs could not be started: {error}", 300))

st.subheader("Runs")
linked = st.query_params.get("run")
if linked and linked not in [one.name for one in runs]:
    try:
        open_run(linked)
    except EcgError as error:
        st.error(shown_name(str(error), 300))
if runs:
    looked_for = filter_row(runs)
    active = any(one.is_active for one in runs)
    st.fragment(show_runs, run_every=REFRESH_S if active else None)(active)
else:
    st.info("No training has been started yet. Choose a preset and a pack above.")
    trash_list()
