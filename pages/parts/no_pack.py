"""What stands where a pack is needed and none is there yet: what to do, and the way to do it."""

import streamlit as st

from pages.parts.lead_on import lead_on


def show_no_pack(purpose: str) -> None:
    """Say that there is no pack for a purpose, such as `train on`, and lead to where one is made."""
    st.info(f"There is no pack to {purpose} yet. Make one of a folder of records first.")
    lead_on("corpora", "Make a pack", ":material/inventory_2:")
