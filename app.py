"""The dashboard: `streamlit run app.py` reads this file once as its server starts, and then for each visitor's page."""

import streamlit as st

from pages.parts.door import refusal
from pages.parts.fault import show_fault
from pages.parts.frame import draw_frame

if __name__ == "__main__":
    draw_frame()
else:
    said = refusal()
    if said:
        raise SystemExit(said)
    app = st.App(__file__, on_script_error=show_fault)
