"""Settings: where things lie, what holds for files that are read, versions, and what the workbench is for."""

import streamlit as st

from pages.parts.about import show_folders, show_licence, show_limits, show_versions
from pages.parts.frame import enter_frame

enter_frame()
st.title("Settings")

st.subheader("Folders", anchor=False)
show_folders()
st.subheader("Reading files", anchor=False)
show_limits()
st.subheader("Versions", anchor=False)
show_versions()
st.subheader("About", anchor=False)
show_licence()
