"""A way to another page of the workbench, shown to those who may go there."""

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError


def lead_on(page: str, label: str, icon: str) -> None:
    """Show a link to a page, such as `models`; nothing to a visitor whose login keeps that page closed."""
    try:
        st.page_link(f"pages/{page}.py", label=label, icon=icon)
    except StreamlitPageNotFoundError:  # readers see the clinic only
        return
