"""Learning curves: one panel a quantity over the steps of a run, training and validation apart."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ecgssl_core.plots.palette import colour, dash, dress, symbol
from ecgssl_core.plots.thinned import thinned

PANEL_TITLES = {
    "loss": "loss",
    "teacher_entropy": "teacher entropy (nats)",
    "kl_to_uniform": "KL to uniform (nats)",
    "feature_rank": "feature rank",
    "alike": "likeness of different records",
    "knn_auroc": "k-NN probe (AUROC)",
    "auroc": "AUROC",
    "auprc": "AUPRC",
    "rate": "learning rate",
    "seconds": "seconds of an epoch",
}
SPLITS = ("train", "validation")

_PANEL_PIXELS = 170
_MOST_POINTS = 1000


def curve_figure(metrics: Sequence[Mapping[str, Any]], names: Sequence[str]) -> go.Figure:
    """Draw one panel for each name, two beside each other where there are more than two.

    Args:
        metrics: what a run wrote, in order: each with "step", perhaps "split" ("train" if it has none), and values by
            name; what is no finite number is a gap; of very many points those stay that show every peak.
        names: the quantities to draw.
    """
    columns = 1 if len(names) <= 2 else 2
    rows = max(1, math.ceil(len(names) / columns))
    figure = make_subplots(
        rows=rows,
        cols=columns,
        subplot_titles=[PANEL_TITLES.get(name, name.replace("_", " ")) for name in names],
        vertical_spacing=0.35 / rows,
        horizontal_spacing=0.12,
    )
    named: set[str] = set()
    for panel, name in enumerate(names):
        for place, split in enumerate(SPLITS):
            of_split = [line for line in metrics if line.get("split", SPLITS[0]) == split]
            points = thinned(finite_points(of_split, name), _MOST_POINTS)
            if points:
                trace = _line(points, split, place, in_legend=split not in named)
                figure.add_trace(trace, row=panel // columns + 1, col=panel % columns + 1)
                named.add(split)
    dress(figure, height=_PANEL_PIXELS * rows + 60)
    # the panels' titles stand above them, where the legend would be; one split alone needs none
    many = len(named) > 1
    legend = {"y": 1, "yref": "container", "yanchor": "top"}
    figure.update_layout(margin={"t": 56 if many else 28}, legend=legend, showlegend=many)
    figure.update_xaxes(title="step", row=rows)
    figure.update_yaxes(exponentformat="e")
    return figure


def finite_points(metrics: Sequence[Mapping[str, Any]], name: str, over: str = "step") -> list[tuple[float, float]]:
    """Give the points (place, value) of a quantity where it is a finite number.

    Args:
        metrics: what a run wrote, in order.
        name: the quantity.
        over: what gives the place; the step where a line has none.
    """
    return [
        (line.get(over, line.get("step")), line[name])
        for line in metrics
        if _is_number(line.get(name)) and _is_number(line.get(over, line.get("step")))
    ]


def _line(points: list[tuple[float, float]], split: str, place: int, in_legend: bool) -> go.Scatter:
    steps, values = zip(*points, strict=True)
    return go.Scatter(
        name=split,
        legendgroup=split,
        showlegend=in_legend,
        x=steps,
        y=values,
        mode="lines+markers" if len(points) <= 40 else "lines",
        line={"color": colour(place), "dash": dash(place), "width": 2},
        marker={"symbol": symbol(place), "size": 5},
        hovertemplate=f"step %{{x:,}}<br>{split}: %{{y:.4g}}<extra></extra>",
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
