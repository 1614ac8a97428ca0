"""Terms: what the words on the pages mean."""

import streamlit as st

from pages.parts.frame import enter_frame
from pages.parts.terms import TEXT

enter_frame()
st.title("Terms")
st.markdown(TEXT.read_text().removeprefix("# Terms\n"))
