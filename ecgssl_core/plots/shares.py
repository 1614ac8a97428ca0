"""Metrics against the share of the labels that was used, arm beside arm, and the marks of an ablation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ecgssl_core.plots.palette import colour, dash, symbol
from ecgssl_core.plots.panels import fill_panels, panel_grid

_PIXELS = 300


@dataclass(frozen=True)
class Bar:
    """A value with the ends of its interval, named by what stands under it (a share, or a transformation)."""

    at: float | str
    value: float
    low: float
    high: float


def share_figure(metrics: Mapping[str, Mapping[str, Sequence[Bar]]]) -> go.Figure:
    """Draw a panel a metric, a line an arm, over the share of the labels on a logarithmic axis.

    Args:
        metrics: by metric and arm, a value for each share in (0, 1].
    """
    figure = panel_grid(list(metrics), 2, _PIXELS, "share of the labels", "pooled test folds")
    ticks = sorted({float(bar.at) for arms in metrics.values() for bars in arms.values() for bar in bars})
    traces = [
        (panel, _line(arm, sorted(bars, key=lambda bar: float(bar.at)), place, in_legend=panel == 0))
        for panel, arms in enumerate(metrics.values())
        for place, (arm, bars) in enumerate(arms.items())
    ]
    fill_panels(figure, traces, len(metrics), 2)
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{tick:.0%}" for tick in ticks])
    return figure


def ablation_figure(panels: Mapping[str, Sequence[Bar]], metric: str) -> go.Figure:
    """Draw a panel an arm, a mark with its interval a set of transformations.

    Marks, where the paper has bars: these would have to begin at 0, where small differences are lost.

    Args:
        panels: by arm, the values in their order.
        metric: what their height is.
    """
    figure = panel_grid(list(panels), 2, _PIXELS, "transformations in pretraining", metric)
    marks = [(panel, _marks(bars, panel)) for panel, bars in enumerate(panels.values())]
    fill_panels(figure, marks, len(panels), 2)
    figure.update_xaxes(type="category")
    return figure


def _line(arm: str, bars: Sequence[Bar], place: int, in_legend: bool) -> go.Scatter:
    return go.Scatter(
        name=arm,
        legendgroup=arm,
        showlegend=in_legend,
        # apart from each other, so that intervals are seen
        x=[float(bar.at) * (1 + 0.03 * place) for bar in bars],
        y=[bar.value for bar in bars],
        error_y=_ends(bars, place),
        customdata=[[float(bar.at), bar.low, bar.high] for bar in bars],
        mode="lines+markers",
        line={"color": colour(place), "dash": dash(place), "width": 2},
        marker={"symbol": symbol(place), "size": 8},
        hovertemplate=(
            f"{arm}, %{{customdata[0]:.0%}} of the labels<br>%{{y:.3f}} "
            "[%{customdata[1]:.3f}, %{customdata[2]:.3f}]<extra></extra>"
        ),
    )


def _marks(bars: Sequence[Bar], place: int) -> go.Scatter:
    return go.Scatter(
        x=[str(bar.at) for bar in bars],
        y=[bar.value for bar in bars],
        error_y=_ends(bars, place),
        customdata=[[bar.low, bar.high] for bar in bars],
        mode="markers",
        marker={"color": colour(place), "symbol": symbol(place), "size": 11},
        showlegend=False,
        hovertemplate="%{x}<br>%{y:.3f} [%{customdata[0]:.3f}, %{customdata[1]:.3f}]<extra></extra>",
    )


def _ends(bars: Sequence[Bar], place: int) -> dict[str, object]:
    return {
        "array": [bar.high - bar.value for bar in bars],
        "arrayminus": [bar.value - bar.low for bar in bars],
        "color": colour(place),
        "thickness": 1.5,
        "width": 4,
    }
