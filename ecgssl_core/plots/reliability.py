"""Reliability: what was predicted against what was found, in bins of equally many answers."""

from collections.abc import Sequence

import plotly.graph_objects as go

from ecgssl_core.plots.palette import FAINT, colour, dash, dress, symbol

# shares below it are drawn at it: a logarithm has no zero
_FLOOR = 1e-3


def reliability_figure(curves: Sequence[tuple[str, Sequence[float], Sequence[float], Sequence[int]]]) -> go.Figure:
    """Draw one line an arm on logarithmic axes, for most answers are close to 0; the diagonal is perfect.

    Args:
        curves: of each arm its name, and for each bin the mean probability, the share of positives and the number of
            answers.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[_FLOOR, 1], y=[_FLOOR, 1], mode="lines", line={"color": FAINT, "width": 3}, name="perfect", hoverinfo="skip"
    )
    for place, (arm, predicted, observed, count) in enumerate(curves):
        figure.add_scatter(
            name=arm,
            x=[max(value, _FLOOR) for value in predicted],
            y=[max(value, _FLOOR) for value in observed],
            customdata=list(zip(predicted, observed, count, strict=True)),
            mode="lines+markers",
            line={"color": colour(place), "dash": dash(place), "width": 2},
            marker={"symbol": symbol(place), "size": 7},
            hovertemplate=(
                f"{arm}<br>predicted %{{customdata[0]:.4f}}<br>found %{{customdata[1]:.4f}}"
                "<br>%{customdata[2]:,} answers<extra></extra>"
            ),
        )
    dress(figure, height=420)
    ticks = {"type": "log", "tickvals": [0.001, 0.01, 0.1, 0.5, 1], "range": [-3.05, 0.05]}
    figure.update_xaxes(title="mean probability", ticktext=["0.001", "0.01", "0.1", "0.5", "1"], **ticks)
    figure.update_yaxes(title="share of positives", ticktext=["≤ 0.001", "0.01", "0.1", "0.5", "1"], **ticks)
    return figure
