"""The dashboard: `streamlit run app.py` reads this file once as its server starts, and then for each visitor's page."""

from threading import Thread

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ecgssl_core.records import warm_up
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
    Thread(target=warm_up, daemon=True).start()  # the reader of files waits before the first visitor comes
    app = st.App(__file__, on_script_error=show_fault)
