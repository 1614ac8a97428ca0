"""One quantity of several runs over each other, run by run in its own colour, dash and marker."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from ecgssl_core.plots.curves import PANEL_TITLES, finite_points
from ecgssl_core.plots.palette import colour, dash, dress, symbol
from ecgssl_core.plots.thinned import thinned

_MOST_POINTS = 4000  # of a figure
_FEW = 40
_PIXELS = 260


def overlaid_figure(runs: Mapping[str, Sequence[Mapping[str, Any]]], name: str) -> go.Figure:
    """Draw what a quantity did in several runs, over the epochs.

    Args:
        runs: what each wrote, in order, by a short name: each line with "epoch" or "step", and values by name.
        name: the quantity.
    """
    figure = go.Figure()
    for place, (title, metrics) in enumerate(runs.items()):
        points = thinned(finite_points(metrics, name, "epoch"), max(4, _MOST_POINTS // max(1, len(runs))))
        if points:
            figure.add_trace(_line(points, title, place))
    dress(figure, _PIXELS)
    figure.update_xaxes(title="epoch")
    figure.update_yaxes(title=PANEL_TITLES.get(name, name.replace("_", " ")), exponentformat="e")
    figure.update_layout(showlegend=True, margin={"t": 28})
    return figure


def _line(points: list[tuple[float, float]], title: str, place: int) -> go.Scatter:
    x, y = zip(*points, strict=True)
    return go.Scatter(
        name=title,
        x=x,
        y=y,
        mode="lines+markers" if len(points) <= _FEW else "lines",
        line={"color": colour(place), "dash": dash(place), "width": 2},
        marker={"symbol": symbol(place), "size": 6},
        hovertemplate=f"{title}: %{{y:.4g}}<br>epoch %{{x:,}}<extra></extra>",
    )
