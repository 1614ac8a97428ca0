"""Gate weights by class with a point a fold, beside what the ablation of the modalities says."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ecgssl_core.plots.palette import FAINT, SPECTROGRAM, TIME, dress

_ROW_PIXELS = 25
_APART = "≠ "


@dataclass(frozen=True)
class Leaning:
    """One class: gate weight of the time series over all folds and in each, AUROC gained by time (value, low, high).

    apart: gate and ablation point different ways; the class is marked so.
    """

    name: str
    weight: float
    folds: Sequence[float]
    gain: tuple[float, float, float] | None
    apart: bool


def leaning_figure(rows: Sequence[Leaning], folds: Sequence[int]) -> go.Figure:
    """Draw the gate's weights on the left, and on the right the ablation where there is one, the first class on top.

    Args:
        rows: one a class.
        folds: numbers of the folds, for the words beside the points.
    """
    gained = any(row.gain for row in rows)
    titles = ["gate weight of the time series", "AUROC: time alone − spectrogram alone"][: 1 + gained]
    figure = make_subplots(rows=1, cols=1 + gained, shared_yaxes=True, subplot_titles=titles, horizontal_spacing=0.03)
    names = [f"{_APART}{row.name}" if row.apart else row.name for row in rows]
    points = [(name, weight) for name, row in zip(names, rows, strict=True) for weight in row.folds]
    figure.add_trace(_points(points, len(folds)), row=1, col=1)
    figure.add_trace(_means(names, rows), row=1, col=1)
    figure.add_vline(x=0.5, line_color=FAINT, line_width=3, row=1, col=1)
    figure.update_xaxes(range=[-0.02, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], row=1, col=1)
    if gained:
        known = [(name, row.gain) for name, row in zip(names, rows, strict=True) if row.gain]
        figure.add_trace(_gains([name for name, _ in known], [gain for _, gain in known]), row=1, col=2)
        figure.add_vline(x=0, line_color=FAINT, line_width=3, row=1, col=2)
        figure.update_xaxes(tickformat="+.1f", row=1, col=2)
    dress(figure, height=_ROW_PIXELS * len(rows) + 120)
    figure.update_layout(margin={"t": 60}, legend={"y": 1, "yref": "container", "yanchor": "top"})
    figure.update_annotations(font={"size": 12})
    figure.update_xaxes(fixedrange=True)
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=names[::-1], fixedrange=True)
    return figure


def _points(points: Sequence[tuple[str, float]], folds: int) -> go.Scatter:
    return go.Scatter(
        name=f"each of {folds} folds" if folds > 1 else "the fold",
        x=[weight for _, weight in points],
        y=[name for name, _ in points],
        mode="markers",
        marker={"symbol": "circle-open", "color": TIME, "size": 7},
        hovertemplate="%{y}<br>a fold: %{x:.3f}<extra></extra>",
    )


def _means(names: Sequence[str], rows: Sequence[Leaning]) -> go.Scatter:
    return go.Scatter(
        name="all folds",
        x=[row.weight for row in rows],
        y=list(names),
        mode="markers",
        marker={"symbol": "line-ns", "size": 15, "line": {"color": TIME, "width": 3}},
        hovertemplate="%{y}<br>all folds: %{x:.3f}<extra></extra>",
    )


def _gains(names: Sequence[str], gains: Sequence[tuple[float, float, float]]) -> go.Scatter:
    return go.Scatter(
        name="ablation, 95 %",
        x=[value for value, _, _ in gains],
        y=list(names),
        error_x={
            "array": [high - value for value, _, high in gains],
            "arrayminus": [value - low for value, low, _ in gains],
            "color": SPECTROGRAM,
            "thickness": 2,
            "width": 4,
        },
        customdata=[[low, high] for _, low, high in gains],
        mode="markers",
        marker={"symbol": "diamond", "color": SPECTROGRAM, "size": 8},
        hovertemplate="%{y}<br>%{x:+.3f} [%{customdata[0]:+.3f}, %{customdata[1]:+.3f}]<extra></extra>",
    )
