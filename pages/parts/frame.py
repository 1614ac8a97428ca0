"""What surrounds every page: the sections of the navigation, and the line that says what the workbench is for."""

from pathlib import Path

import streamlit as st

from ecgssl_core import PURPOSE
from pages.parts.door import ALL, let_in
from pages.parts.pending import look_after_watched, watch

ICON = Path(__file__).parent / "icon.svg"
LOGO = Path(__file__).parent / "logo.svg"
CLINIC = "Clinic"
SECTIONS = {
    CLINIC: [
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
_MENU = 220  # pixels: the names are short, and a page on a small screen needs the rest


def draw_frame() -> None:
    """Draw what surrounds every page and the page itself, for those who may see it."""
    st.set_page_config(page_title="ECG workbench", page_icon=str(ICON), layout="wide", initial_sidebar_state=_MENU)
    st.logo(str(LOGO), size="large", icon_image=str(ICON))
    rooms = let_in()
    sections = {
        section: [
            # the first page answers at the bare address, under which nothing else may be called like it
            st.Page(f"pages/{name}.py", title=title, icon=icon, url_path="start" if name == HOME else name)
            for name, title, icon in pages
        ]
        for section, pages in SECTIONS.items()
        if ALL in rooms or section == CLINIC
    }
    by_name = st.Page(f"pages/{HOME}.py", title=HOME.title(), url_path=HOME, visibility="hidden")
    page = st.navigation({**sections, "": [by_name]})
    body = st.container()
    show_purpose()  # before the page runs, since a page may stop where it has nothing to show
    watch()
    try:
        with body:
            page.run()
    finally:  # a page may stop where it waits
        look_after_watched()


def show_purpose() -> None:
    """Say, quietly, what the workbench is for: at the foot of each page, so that it stands on a printed one too."""
    st.caption(PURPOSE, text_alignment="center")
