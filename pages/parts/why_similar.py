"""Records of a pack that lie near this one in the model's features."""

import streamlit as st

from pages.parts.case import Case


def show_similar(case: Case) -> None:
    """Show the records of a chosen pack that the model takes for most like this one."""
    st.info(f"No pack has been embedded with {case.card.name} yet.")
