"""Map."""

import streamlit as st

from pages.parts.asked import Asked


def show_map(asked: Asked) -> None:
    """Draw."""
    st.info("soon")
