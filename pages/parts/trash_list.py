"""Runs that were deleted, and the way back."""

import streamlit as st

from ecgssl_core.jobs import restore, trashed
from pages.parts.job_card import attempt

MOST = 20


def trash_list() -> None:
    """Draw what lies in the trash; nothing where it is empty."""
    names = trashed()
    if not names:
        return
    with st.expander(f"Trash · {len(names)}", icon=":material/delete:", key="train_trash"):
        st.caption("They lie in `trash` of the data folder; remove them there to have their disk space back.")
        for name in names[:MOST]:
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f"`{name}`", width="content")
                st.button("Bring back", key=f"restore {name}", on_click=attempt, args=(restore, name))
        if len(names) > MOST:
            st.caption(f"{len(names) - MOST} older ones are not listed.")
