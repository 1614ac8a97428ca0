"""Differences between arms with their intervals, one line a comparison (a forest plot)."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ecgssl_core.plots.palette import COLOURS, FAINT, dress

_ROW_PIXELS = 26
_CLAIMED, _OPEN = COLOURS[0], COLOURS[5]


@dataclass(frozen=True)
class Difference:
    """One comparison in one metric; `claimed` says whether it holds up after correction for the number of them."""

    comparison: str
    metric: str
    value: float
    low: float
    high: float
    claimed: bool


def difference_figure(differences: Sequence[Difference]) -> go.Figure:
    """Draw a panel a metric, the first comparison on top; filled marks hold up after correction, open ones do not."""
    metrics = list(dict.fromkeys(each.metric for each in differences))
    names = list(dict.fromkeys(each.comparison for each in differences))
    figure = make_subplots(
        rows=1, cols=max(1, len(metrics)), shared_yaxes=True, subplot_titles=metrics, horizontal_spacing=0.04
    )
    shown: set[bool] = set()
    for column, metric in enumerate(metrics, start=1):
        figure.add_vline(x=0, line_color=FAINT, line_width=3, row=1, col=column)
        for claimed in (True, False):
            rows = [each for each in differences if each.metric == metric and each.claimed == claimed]
            if rows:
                figure.add_trace(_points(rows, claimed, in_legend=claimed not in shown), row=1, col=column)
                shown.add(claimed)
    dress(figure, height=_ROW_PIXELS * len(names) + 130)
    figure.update_layout(margin={"t": 60}, legend={"y": 1, "yref": "container", "yanchor": "top"})
    figure.update_xaxes(title="difference", tickformat="+.2f")
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=names[::-1], fixedrange=True)
    return figure


def _points(rows: Sequence[Difference], claimed: bool, in_legend: bool) -> go.Scatter:
    colour = _CLAIMED if claimed else _OPEN
    return go.Scatter(
        name="holds up after Holm's correction" if claimed else "does not hold up",
        legendgroup=str(claimed),
        showlegend=in_legend,
        x=[each.value for each in rows],
        y=[each.comparison for each in rows],
        error_x={
            "array": [each.high - each.value for each in rows],
            "arrayminus": [each.value - each.low for each in rows],
            "color": colour,
            "thickness": 2,
            "width": 4,
        },
        customdata=[[each.low, each.high] for each in rows],
        mode="markers",
        marker={"symbol": "circle" if claimed else "circle-open", "color": colour, "size": 9, "line": {"width": 2}},
        hovertemplate="%{y}<br>%{x:+.3f} [%{customdata[0]:+.3f}, %{customdata[1]:+.3f}]<extra></extra>",
    )
