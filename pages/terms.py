"""Terms: what the words on the pages mean."""

import streamlit as st

from pages.parts.terms import TEXT

st.title("Terms")
st.markdown(TEXT.read_text().removeprefix("# Terms\n"))
