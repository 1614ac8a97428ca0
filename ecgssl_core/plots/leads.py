"""A metric over the number of leads that a network is given, arm beside arm."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ecgssl_core.plots.palette import colour, dash, dress, symbol
from ecgssl_core.plots.shares import Bar


def lead_figure(arms: Mapping[str, Sequence[Bar]], metric: str) -> go.Figure:
    """Draw a line an arm, with intervals, the most leads on the left.

    Args:
        arms: by arm a value for each set of leads, which `at` names.
        metric: what their height is.
    """
    figure = go.Figure()
    for place, (arm, bars) in enumerate(arms.items()):
        figure.add_scatter(
            name=arm,
            x=[str(bar.at) for bar in bars],
            y=[bar.value for bar in bars],
            error_y={
                "array": [bar.high - bar.value for bar in bars],
                "arrayminus": [bar.value - bar.low for bar in bars],
                "color": colour(place),
                "thickness": 1.5,
                "width": 4,
            },
            customdata=[[bar.low, bar.high] for bar in bars],
            mode="lines+markers",
            line={"color": colour(place), "dash": dash(place), "width": 2},
            marker={"symbol": symbol(place), "size": 9},
            hovertemplate=(
                f"{arm}, %{{x}}<br>%{{y:.3f}} [%{{customdata[0]:.3f}}, %{{customdata[1]:.3f}}]<extra></extra>"
            ),
        )
    dress(figure, height=380)
    figure.update_xaxes(type="category", fixedrange=True)
    figure.update_yaxes(title=metric)
    return figure
