"""Probabilities of some classes along a recording."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ecgssl_core.plots.palette import colour, dash, dress

_MOST_POINTS = 1500  # a line; of more, every so many are drawn as their largest


def timeline_figure(
    starts_s: Sequence[float],
    window_s: float,
    classes: Mapping[str, NDArray[np.float32]],
    thresholds: Mapping[str, float],
    shown_s: tuple[float, float],
) -> go.Figure:
    """Draw the probability of each class over the middles of the windows, its threshold dotted, the shown part marked.

    Where there are more windows than can be told apart, the largest of neighbours is drawn, so that no peak is lost.

    Args:
        starts_s: where each window begins, in s.
        window_s: how long a window is, in s.
        classes: (windows,) probabilities, by name of the class.
        thresholds: by name of the class.
        shown_s: the stretch that is on the paper, in s.
    """
    step = max(1, -(-len(starts_s) // _MOST_POINTS))
    edges = np.arange(0, len(starts_s), step)
    starts = np.asarray(starts_s)[edges]
    unit, size = ("min", 60.0) if starts_s[-1] > 180 else ("s", 1.0)
    figure = go.Figure()
    for place, (name, values) in enumerate(classes.items()):
        figure.add_scatter(
            name=name,
            x=(starts + window_s / 2) / size,
            y=np.maximum.reduceat(values, edges),
            customdata=starts,
            mode="lines+markers",
            line={"color": colour(place), "dash": dash(place), "width": 1.8},
            marker={"size": 4},
            hovertemplate=f"%{{customdata:.1f}} s<br>{name}: %{{y:.3f}}<extra></extra>",
        )
        figure.add_hline(y=thresholds[name], line={"color": colour(place), "width": 1, "dash": "dot"})
    dress(figure, height=300)
    begin, end = (one / size for one in shown_s)
    figure.add_vrect(begin, end, fillcolor="rgba(128, 128, 128, 0.2)", line_width=0, layer="below")
    figure.update_xaxes(title=f"time ({unit})", range=[0, (starts_s[-1] + window_s) / size])
    figure.update_yaxes(title="probability", range=[-0.02, 1.02], fixedrange=True)
    figure.update_layout(clickmode="event+select", dragmode="zoom")
    return figure
