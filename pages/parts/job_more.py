"""What is seldom done with a run: a note, tags, and the way into the trash."""

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.jobs import discard
from ecgssl_core.runs import Glance, write_remarks
from ecgssl_core.runs.remarks import LONGEST_NOTE, MOST_TAGS
from pages.parts.keys import SAID
from pages.parts.names import shown_name

_LONGEST = 300


def more_about(one: Glance) -> None:
    """Draw the menu of a run."""
    name = one.name
    with st.popover("More", key=f"more {name}", on_change="rerun") as menu:
        if not menu.open:
            return
        note, tags = f"note {name}", f"tags {name}"
        if note not in st.session_state:
            st.session_state[note], st.session_state[tags] = one.remarks.note, ", ".join(one.remarks.tags)
        st.text_area("Note", key=note, max_chars=LONGEST_NOTE, placeholder="What you want to remember of this run")
        st.text_input(
            "Tags", key=tags, placeholder="baseline, for the paper", help=f"At most {MOST_TAGS}, with commas."
        )
        st.button("Save", key=f"save {name}", icon=":material/save:", on_click=_save, args=(one,))
        st.divider()
        if one.is_active:
            st.caption("A run that waits or works cannot be deleted; cancel it first.")
            return
        st.caption("Deleting moves the folder of the run into `trash` of the data folder.")
        sure = st.checkbox("Yes, delete this run", key=f"sure {name}")
        st.button(
            "Delete", key=f"delete {name}", icon=":material/delete:", disabled=not sure, on_click=_delete, args=(one,)
        )


def _save(one: Glance) -> None:
    try:
        tags = str(st.session_state[f"tags {one.name}"]).split(",")
        write_remarks(one.run, str(st.session_state[f"note {one.name}"]), tags)
    except EcgError as error:
        st.session_state[SAID] = shown_name(str(error), _LONGEST)


def _delete(one: Glance) -> None:
    try:
        discard(one.run)
    except EcgError as error:
        st.session_state[SAID] = shown_name(str(error), _LONGEST)
        return
    if st.query_params.get("run") == one.name:
        del st.query_params["run"]  # the address would ask for what is no longer there
    st.toast(f"{one.name} is in the trash; it can be brought back below.", icon=":material/delete:")
