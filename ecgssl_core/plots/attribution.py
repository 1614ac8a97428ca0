"""What a class leaned on: over one lead's trace, over its spectrogram, and lead by lead."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from ecgssl_core.plots.palette import COLOURS, dress

# against – for; nothing in the middle, so that it can lie on any ground; told apart without red-green sight
SCALE = ((0.0, "rgba(0, 114, 178, 0.95)"), (0.5, "rgba(127, 127, 127, 0)"), (1.0, "rgba(213, 94, 0, 0.95)"))
_FOR, _AGAINST = COLOURS[1], COLOURS[0]
_MAGNITUDE = "Cividis"  # told apart by colour-blind eyes, and in grey
_TRACE = "#7F7F7F"
_PANEL_PIXELS = 150
_LEAD_PIXELS = 24

Floats = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class LeadMap:
    """One lead, and what a class leaned on in it.

    signal: (samples,), in mV, at rate Hz from start_s; leaned: (samples,), in logits, None where the model reads no
    series. magnitude and image: (bins, frames), as the network reads it and what was leaned on, None for a model
    without spectrogram; a frame has its middle at frames_s, a bin at hertz.
    """

    lead: str
    start_s: float
    rate: float
    signal: Floats
    leaned: Floats | None
    magnitude: Floats | None
    image: Floats | None
    frames_s: Sequence[float]
    hertz: Sequence[float]


def lead_map_figure(shown: LeadMap) -> go.Figure:
    """Draw a lead's trace on what was leaned on, its spectrogram below, and what was leaned on there below that."""
    rows = 1 if shown.magnitude is None else 3
    titles = [f"{shown.lead}: trace", f"{shown.lead}: spectrogram", "what was leaned on in the spectrogram"]
    figure = make_subplots(
        rows, 1, shared_xaxes=True, vertical_spacing=0.09, subplot_titles=titles[:rows] if rows > 1 else None
    )
    seconds = shown.start_s + np.arange(len(shown.signal)) / shown.rate
    if shown.leaned is not None:
        low, high = _room(shown.signal)
        strip = _leaned(shown.leaned[None], seconds, [(low + high) / 2], "logit")
        strip.update(dy=high - low, y0=(low + high) / 2, y=None)
        figure.add_trace(strip, row=1, col=1)
    trace = go.Scatter(x=seconds, y=shown.signal, mode="lines", line={"color": _TRACE, "width": 1.6}, showlegend=False)
    trace.update(hovertemplate="%{x:.2f} s<br>%{y:.2f} mV<extra></extra>")
    figure.add_trace(trace, row=1, col=1)
    if shown.magnitude is not None:
        heat = go.Heatmap(
            z=shown.magnitude, x=list(shown.frames_s), y=list(shown.hertz), colorscale=_MAGNITUDE, showscale=False
        )
        heat.update(hovertemplate="%{x:.2f} s, %{y:.0f} Hz<br>%{z:.2f}<extra></extra>")
        figure.add_trace(heat, row=2, col=1)
    if shown.image is not None:
        figure.add_trace(_leaned(shown.image, shown.frames_s, shown.hertz, "logit"), row=3, col=1)
    dress(figure, height=_PANEL_PIXELS * rows + 60)
    figure.update_layout(margin={"t": 28}, showlegend=False)
    figure.update_annotations(font={"size": 12})
    figure.update_yaxes(title="mV", range=_room(shown.signal), row=1)
    figure.update_xaxes(title="time (s)", row=rows)
    if rows > 1:
        figure.update_yaxes(title="Hz", row=2)
        figure.update_yaxes(title="Hz", row=3)
    return figure


def lead_share_figure(leads: Sequence[str], raised: Sequence[float], lowered: Sequence[float]) -> go.Figure:
    """Draw for each lead what raised the output of a class, to the right, and what lowered it, to the left.

    Args:
        leads: names, the first on top.
        raised: sums of what spoke for the class, in logits, not negative.
        lowered: sums of what spoke against it, in logits, not positive.
    """
    figure = go.Figure()
    sides = (("raised the output", raised, _FOR, ""), ("lowered it", lowered, _AGAINST, "/"))
    for name, values, colour, shape in sides:
        pattern = {"shape": shape, "fillmode": "overlay", "fgcolor": "white", "fgopacity": 0.5}
        figure.add_bar(
            name=name,
            x=list(values),
            y=list(leads),
            orientation="h",
            marker={"color": colour, "pattern": pattern},
            hovertemplate=f"%{{y}}<br>{name}: %{{x:+.3f}}<extra></extra>",
        )
    dress(figure, height=_LEAD_PIXELS * len(leads) + 90)
    figure.update_layout(barmode="relative", bargap=0.3)
    figure.update_xaxes(title="sum over the record (logit)", fixedrange=True)
    figure.update_yaxes(type="category", autorange="reversed", fixedrange=True)
    return figure


def _leaned(values: Floats, along: Sequence[float] | Floats, up: Sequence[float], unit: str) -> go.Heatmap:
    most = float(np.abs(values).max(initial=0.0)) or 1.0
    heat = go.Heatmap(z=values, x=list(along), y=list(up), zmin=-most, zmax=most, colorscale=list(SCALE))
    return heat.update(showscale=False, hovertemplate=f"%{{x:.2f}} s<br>%{{z:+.4f}} {unit}<extra></extra>")


def _room(signal: Floats) -> tuple[float, float]:
    """Give the range of the trace with a little room, in mV."""
    known = signal[np.isfinite(signal)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    room = max(0.1 * (high - low), 0.1)
    return low - room, high + room
