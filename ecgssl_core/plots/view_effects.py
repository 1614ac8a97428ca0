"""Amplitude, heart rate and spectrum of many records before and after the views were made of them."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from ecgssl_core.plots.palette import COLOURS, SYMBOLS, dress

BEFORE, AFTER = "#7F7F7F", COLOURS[0]
_TITLES = ("Amplitude (mV)", "Heart rate (/min)", "Spectrum (dB against 1 mV)")

Floats = NDArray[np.float64]


def effects_figure(amplitude: Floats, rate: Floats, spectrum: Floats, hertz: Floats) -> go.Figure:
    """Draw a point a record, before against after, and the spectra's medians with their 10th to 90th percentile.

    Args:
        amplitude: (records, 2), before and after, in mV.
        rate: (records, 2), in beats a minute; NaN where it cannot be measured.
        spectrum: (records, 2, frequencies), in dB.
        hertz: frequencies.
    """
    figure = make_subplots(1, 3, subplot_titles=_TITLES, horizontal_spacing=0.08)
    for column, values in enumerate((amplitude, rate), start=1):
        known = values[np.isfinite(values).all(axis=1)]
        if not len(known):
            figure.add_annotation(text="not measurable", showarrow=False, x=0.5, y=0.5, row=1, col=column)
            continue
        low, high = float(known.min()), float(known.max())
        same = {"color": BEFORE, "dash": "dot", "width": 1}
        figure.add_scatter(
            x=[low, high], y=[low, high], mode="lines", line=same, showlegend=False, hoverinfo="skip", row=1, col=column
        )
        figure.add_scatter(
            x=known[:, 0], y=known[:, 1], mode="markers", marker={"color": AFTER, "size": 5, "symbol": SYMBOLS[0]},
            name="a record", showlegend=column == 1, hovertemplate="before %{x:.3g}<br>after %{y:.3g}<extra></extra>",
            row=1, col=column,
        )  # fmt: skip
        figure.update_xaxes(title="before", row=1, col=column)
        figure.update_yaxes(title="after" if column == 1 else None, row=1, col=column)
    for at, (name, colour, dash) in enumerate((("before", BEFORE, "dot"), ("after", AFTER, "solid"))):
        _add_band(figure, spectrum[:, at], hertz, name, colour, dash)
    figure.update_xaxes(title="Hz", row=1, col=3)
    dress(figure, height=340)
    figure.update_layout(margin={"t": 60}, legend={"y": 1.12})
    return figure


def _add_band(figure: go.Figure, spectra: Floats, hertz: Floats, name: str, colour: str, dash: str) -> None:
    low, middle, high = np.percentile(spectra, [10, 50, 90], axis=0)
    place = {"row": 1, "col": 3, "legendgroup": name, "hoverinfo": "skip"}
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    figure.add_scatter(
        x=np.concatenate([hertz, hertz[::-1]]), y=np.concatenate([low, high[::-1]]), fill="toself", mode="none",
        fillcolor=f"rgba({red}, {green}, {blue}, 0.15)", name=f"{name}, 10th to 90th percentile", showlegend=False,
        **place,
    )  # fmt: skip
    figure.add_scatter(x=hertz, y=middle, mode="lines", line={"color": colour, "dash": dash}, name=name, **place)
