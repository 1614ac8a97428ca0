"""The frame of the dashboard: one page configuration, one quiet line, and the pages in their sections."""

import streamlit as st

from pages.parts.frame import HOME, ICON, LOGO, SECTIONS, show_purpose

st.set_page_config(page_title="ECG workbench", page_icon=str(ICON), layout="wide")
st.logo(str(LOGO), size="large", icon_image=str(ICON))
sections = {
    section: [
        # the first page answers at the bare address, under which nothing else may be called like it
        st.Page(f"pages/{name}.py", title=title, icon=icon, url_path="start" if name == HOME else name)
        for name, title, icon in pages
    ]
    for section, pages in SECTIONS.items()
}
by_name = st.Page(f"pages/{HOME}.py", title=HOME.title(), url_path=HOME, visibility="hidden")
page = st.navigation({**sections, "": [by_name]})
body = st.container()
show_purpose()  # before the page runs, since a page may stop where it has nothing to show
with body:
    page.run()
