"""Reliability: what was predicted against what was found, in bins of equally many answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ecgssl_core.plots.palette import FAINT, colour, dash, dress, symbol

# shares below it are drawn at it: a logarithm has no zero
_FLOOR = 1e-3


@dataclass(frozen=True, eq=False)
class ReliabilityLine:
    """One arm's bins: mean probability, share of positives with its ends, and the number of answers of each."""

    arm: str
    predicted: Sequence[float]
    observed: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    count: Sequence[int]


def reliability_figure(lines: Sequence[ReliabilityLine]) -> go.Figure:
    """Draw one line an arm on logarithmic axes, for most answers are close to 0; the diagonal is perfect."""
    figure = go.Figure()
    figure.add_scatter(
        x=[_FLOOR, 1], y=[_FLOOR, 1], mode="lines", line={"color": FAINT, "width": 3}, name="perfect", hoverinfo="skip"
    )
    for place, line in enumerate(lines):
        heights = [max(value, _FLOOR) for value in line.observed]
        figure.add_scatter(
            name=line.arm,
            x=[max(value, _FLOOR) for value in line.predicted],
            y=heights,
            error_y={
                "array": [max(high, _FLOOR) - at for high, at in zip(line.high, heights, strict=True)],
                "arrayminus": [at - max(low, _FLOOR) for low, at in zip(line.low, heights, strict=True)],
                "color": colour(place),
                "thickness": 1,
                "width": 3,
            },
            customdata=list(zip(line.predicted, line.observed, line.count, line.low, line.high, strict=True)),
            mode="lines+markers",
            line={"color": colour(place), "dash": dash(place), "width": 2},
            marker={"symbol": symbol(place), "size": 7},
            hovertemplate=(
                f"{line.arm}<br>predicted %{{customdata[0]:.4f}}<br>found %{{customdata[1]:.4f}} "
                "[%{customdata[3]:.4f}, %{customdata[4]:.4f}]<br>%{customdata[2]:,} answers<extra></extra>"
            ),
        )
    dress(figure, height=420)
    ticks = {"type": "log", "tickvals": [0.001, 0.01, 0.1, 0.5, 1], "range": [-3.05, 0.05]}
    figure.update_xaxes(title="mean probability", ticktext=["0.001", "0.01", "0.1", "0.5", "1"], **ticks)
    figure.update_yaxes(title="share of positives", ticktext=["≤ 0.001", "0.01", "0.1", "0.5", "1"], **ticks)
    return figure
