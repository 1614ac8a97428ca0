"""What surrounds every page: the sections of the navigation, and the line that says what the workbench is for."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ecgssl_core import PURPOSE

ICON = Path(__file__).parent / "icon.svg"
LOGO = Path(__file__).parent / "logo.svg"
SECTIONS = {
    "Clinic": [
        ("inspect", "Inspect", ":material/cardiology:"),
        ("compare", "Compare", ":material/compare_arrows:"),
    ],
    "Research": [
        ("views", "Views", ":material/tune:"),
        ("corpora", "Corpora", ":material/database:"),
        ("train", "Train", ":material/model_training:"),
        ("results", "Results", ":material/table_chart:"),
        ("models", "Models", ":material/deployed_code:"),
    ],
    "Workbench": [
        ("terms", "Terms", ":material/menu_book:"),
        ("settings", "Settings", ":material/settings:"),
    ],
}
HOME = "inspect"


def show_purpose() -> None:
    """Say, quietly, what the workbench is for: at the foot of each page, so that it stands on a printed one too."""
    st.caption(PURPOSE, text_alignment="center")


def enter_frame() -> None:
    """Begin a page inside of the frame, wherever the visitor came from.

    Until app.py has run once, Streamlit takes a folder named `pages` for a menu of its own: a link that leads to a page
    and is the first request after a start would show the page alone. Then the visit starts again, with app.py.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()
