"""Gate weights of the two modalities: by class, and over the windows of a record."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from ecgssl_core.plots.palette import FAINT, SPECTROGRAM, TIME, dash, dress, symbol

MODALITIES = {"time": ("time series", TIME), "spectrogram": ("spectrogram", SPECTROGRAM)}

_CLASS_PIXELS = 24
_MARKED = 100  # windows up to which each has a mark


def class_gate_figure(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """Draw one bar a class, the weights of both modalities end to end, the first class on top.

    Args:
        rows: one a class: "time" and "spectrogram", which add up to 1, or None; "records"; and what stands beside the
            bar: "abbreviation", or else "name", or else "code".
    """
    shown = [row for row in rows if row["time"] is not None and row["spectrogram"] is not None]
    labels = [str(row.get("abbreviation") or row.get("name") or row["code"]) for row in shown]
    figure = go.Figure()
    for place, (key, (name, colour)) in enumerate(MODALITIES.items()):
        figure.add_bar(
            name=name,
            orientation="h",
            y=labels,
            x=[row[key] for row in shown],
            customdata=[row["records"] for row in shown],
            marker={
                "color": colour,
                "pattern": {"shape": ("", "/")[place], "fillmode": "overlay", "fgcolor": "white", "fgopacity": 0.35},
            },
            hovertemplate=f"%{{y}}<br>{name}: %{{x:.3f}}<br>%{{customdata}} records<extra></extra>",
        )
    dress(figure, height=_CLASS_PIXELS * len(shown) + 90)
    figure.update_layout(barmode="stack", bargap=0.3, legend={"traceorder": "normal"})
    figure.update_xaxes(title="mean gate weight", range=[0, 1], fixedrange=True)
    figure.update_yaxes(type="category", autorange="reversed", fixedrange=True)
    # where neither modality is leaned on more; on top of the bars, so white on every ground
    figure.add_vline(x=0.5, line_color="white", line_width=2, line_dash="dot")
    return figure


def window_gate_figure(
    gates: Sequence[tuple[float, float]], starts_s: Sequence[float], window_s: float = 2.5
) -> go.Figure:
    """Draw the weights of both modalities over the windows of a record, each at the middle of its window.

    Args:
        gates: for each window the weight of the time series and of the spectrogram, which add up to 1.
        starts_s: where each window begins, in s.
        window_s: how long a window is, in s.

    Raises:
        ValueError: not one start for each window.
    """
    if len(gates) != len(starts_s):
        raise ValueError(f"{len(gates)} windows of gates, {len(starts_s)} starts")
    middles = [start + window_s / 2 for start in starts_s]
    figure = go.Figure()
    for place, (name, colour) in enumerate(MODALITIES.values()):
        figure.add_scatter(
            name=name,
            x=middles,
            y=[pair[place] for pair in gates],
            customdata=[[start, start + window_s] for start in starts_s],
            mode="lines+markers" if len(gates) <= _MARKED else "lines",
            line={"color": colour, "dash": dash(place), "width": 2},
            marker={"symbol": symbol(place), "size": 7},
            hovertemplate=f"%{{customdata[0]:.2f}} to %{{customdata[1]:.2f}} s<br>{name}: %{{y:.3f}}<extra></extra>",
        )
    dress(figure, height=240)
    figure.update_xaxes(title="time (s)", rangemode="tozero")
    figure.update_yaxes(title="gate weight", range=[-0.02, 1.02], fixedrange=True)
    figure.add_hline(y=0.5, line_color=FAINT, line_width=2, line_dash="dot")
    return figure
