"""A page with one slider and one empty figure: what redrawing costs where there is nothing to draw."""

import plotly.graph_objects as go
import streamlit as st

st.slider("A number", 0, 100, key="number")
st.plotly_chart(go.Figure(), key="figure")
