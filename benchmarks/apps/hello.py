"""The smallest Streamlit page, which starts are measured against."""

import streamlit as st

st.title("hello")
