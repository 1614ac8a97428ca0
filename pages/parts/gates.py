"""Which of its two modalities a model leaned on: for the record, and over its windows."""

import streamlit as st

from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.plots.gates import window_gate_figure

HELP = (
    "The gate gives each window two weights that add up to 1: how much the model leaned on the time series and how "
    "much on the spectrogram. It says nothing about which part of the trace mattered."
)


def show_gates(prediction: Prediction, window_s: float) -> None:
    """Show the gate weights of a prediction; nothing where the model has no gate or said nothing.

    Args:
        prediction: what the model said.
        window_s: how long a window of the model is, in s.
    """
    gates = prediction.gates
    if gates is None:
        return
    st.subheader("What it leaned on", help=HELP, anchor=False)
    whole, windows = st.columns([1, 4], vertical_alignment="center")
    with whole, st.container(horizontal=True):
        st.metric("Time series", f"{gates.time:.2f}", width="content")
        st.metric("Spectrogram", f"{gates.spectrogram:.2f}", width="content")
    windows.plotly_chart(
        window_gate_figure(gates.windows, prediction.window_starts_s, window_s),
        key="gates",
        config={"displayModeBar": False},
        alt=(
            f"Gate weights over {prediction.windows} windows: the time series weighs {gates.time:.2f} on average, "
            f"the spectrogram {gates.spectrogram:.2f}."
        ),
    )
