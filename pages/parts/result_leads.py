"""AUROC by the number of leads that the network is given."""

import streamlit as st

from pages.parts.asked import Asked


def show_leads(asked: Asked) -> None:
    """Draw."""
    st.info("soon")
