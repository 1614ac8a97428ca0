"""Learning curves of many runs: a panel an arm, a faint line a run."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from ecgssl_core.plots.palette import colour, dash
from ecgssl_core.plots.panels import fill_panels, panel_grid

COLUMNS = 4
_PIXELS = 190
_SPLITS = ("train", "validation")
_MOST_POINTS = 300


def learning_figure(
    arms: Mapping[str, Sequence[tuple[str, Sequence[Mapping[str, Any]]]]], name: str, columns: int = COLUMNS
) -> go.Figure:
    """Draw what a quantity did over the epochs, or over the steps where no epoch is kept.

    Args:
        arms: by arm, for each run its title and the lines it wrote, in order: each with "step", perhaps "epoch" and
            "split" ("train" if it has none), and values by name.
        name: the quantity.
        columns: most panels beside each other.
    """
    figure = panel_grid(list(arms), columns, _PIXELS, "epoch", name.replace("_", " "))
    named: set[str] = set()
    traces = []
    for panel, runs in enumerate(arms.values()):
        for title, lines in runs:
            for number, split in enumerate(_SPLITS):
                points = _points(lines, name, split)
                if points:
                    traces.append((panel, _line(points, title, split, number, in_legend=split not in named)))
                    named.add(split)
    fill_panels(figure, traces, len(arms), columns)
    figure.update_yaxes(exponentformat="e")
    return figure


def _points(lines: Sequence[Mapping[str, Any]], name: str, split: str) -> list[tuple[float, float]]:
    kept = [line for line in lines if line.get("split", _SPLITS[0]) == split and _is_number(line.get(name))]
    points = [(float(line.get("epoch", line.get("step", 0))), float(line[name])) for line in kept]
    stride = max(1, math.ceil(len(points) / _MOST_POINTS))
    # counted from the end: the newest point is always there
    return points[::-1][::stride][::-1]


def _line(points: list[tuple[float, float]], title: str, split: str, number: int, in_legend: bool) -> go.Scatter:
    x, y = zip(*points, strict=True)
    return go.Scatter(
        name=split,
        legendgroup=split,
        showlegend=in_legend,
        x=x,
        y=y,
        mode="lines",
        opacity=0.6,
        line={"color": colour(number), "dash": dash(number), "width": 1.5},
        hovertemplate=f"{title}<br>epoch %{{x:,}}<br>{split}: %{{y:.4g}}<extra></extra>",
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
