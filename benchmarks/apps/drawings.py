"""A made ECG of 12 x 5,000 samples, drawn at a click: as paper, or as twelve lines of Plotly."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from ecgssl_core.records import Record
from ecgssl_core.signals.leads import LEADS
from pages.parts.paper_ecg import show_paper

seconds = np.arange(5000) / 500
beats = np.exp(-(((seconds * 1.2 % 1 - 0.4) / 0.02) ** 2))
noise = np.random.default_rng(0).normal(0, 0.01, (12, 5000))
signal = (beats * np.linspace(1, 2, 12)[:, None] + noise).astype(np.float32)

st.title("hello")
if st.button("paper"):
    units = dict.fromkeys(LEADS, "file")
    show_paper(Record("made", signal, 500.0, LEADS, units, (0.001,) * 12, None, None, "made", (), ()))
if st.button("plotly"):
    traces = [go.Scatter(x=seconds, y=lead + 3 * row, mode="lines") for row, lead in enumerate(signal)]
    st.plotly_chart(go.Figure(traces))
