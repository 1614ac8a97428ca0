"""The dashboard: `streamlit run app.py` reads this file once as its server starts, and then for each visitor's page."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from pages.parts.door import refusal
from pages.parts.fault import show_fault
from pages.parts.frame import draw_frame

if __name__ == "__main__":
    draw_frame()
else:
    said = refusal()
    if said:
        raise SystemExit(said)
    # no page opens but through the frame: the folder `pages` is no menu of its own, and no way round a login
    PagesManager.uses_pages_directory = False
    app = st.App(__file__, on_script_error=show_fault)
