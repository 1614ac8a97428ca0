"""Settings: where things lie, which model speaks, what does the work, what holds for files, versions, licence."""

import streamlit as st

from pages.parts.about import show_folders, show_licence, show_limits, show_versions
from pages.parts.engine import choose_usual_model, show_checkup, show_engine

st.title("Settings")

st.subheader("Folders", anchor=False)
show_folders()
st.subheader("Model", anchor=False)
choose_usual_model()
st.subheader("Engine", anchor=False)
show_engine()
st.subheader("Reading files", anchor=False)
show_limits()
st.subheader("Installation", anchor=False)
show_checkup()
with st.expander("Versions", icon=":material/inventory:"):
    show_versions()
st.subheader("About", anchor=False)
show_licence()
