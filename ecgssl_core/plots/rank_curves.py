"""ROC and precision-recall curves: a panel a class, a line an arm."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

from ecgssl_core.plots.palette import FAINT, colour, dash, symbol
from ecgssl_core.plots.panels import fill_panels, panel_grid

COLUMNS = 5
_PIXELS = 190
_AXES = {"roc": ("false alarms", "found"), "pr": ("recall", "precision")}


@dataclass(frozen=True, eq=False)
class RankCurve:
    """The line of one arm: its name, points from left to right, the area under it, and where it is run (x, y)."""

    arm: str
    x: Sequence[float]
    y: Sequence[float]
    area: float
    operating: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class ClassPanel:
    """One class: its title, its share of positives, its curves."""

    title: str
    prevalence: float
    curves: Sequence[RankCurve]


def rank_curve_figure(
    panels: Sequence[ClassPanel], kind: Literal["roc", "pr"], arms: Sequence[str], columns: int = COLUMNS
) -> go.Figure:
    """Draw ROC curves, or precision-recall curves, with the line of chance in grey; a mark is where an arm is run.

    Args:
        panels: one a class.
        kind: which curves these are.
        arms: all arms, in the order that gives them their colours.
        columns: most panels beside each other.
    """
    figure = panel_grid([panel.title for panel in panels], columns, _PIXELS, *_AXES[kind])
    named: set[str] = set()
    traces: list[tuple[int, go.Scatter]] = []
    for place, panel in enumerate(panels):
        traces.append((place, _chance([0.0, 1.0] if kind == "roc" else [panel.prevalence] * 2)))
        for curve in panel.curves:
            traces.append((place, _line(curve, kind, arms.index(curve.arm), curve.arm not in named)))
            named.add(curve.arm)
            if curve.operating:
                traces.append((place, _operating(curve, kind, arms.index(curve.arm))))
    fill_panels(figure, traces, len(panels), columns)
    figure.update_xaxes(range=[-0.02, 1.02], dtick=0.5)
    figure.update_yaxes(range=[-0.02, 1.04], dtick=0.5)
    return figure


def _chance(level: list[float]) -> go.Scatter:
    return go.Scatter(x=[0, 1], y=level, mode="lines", line={"color": FAINT}, showlegend=False, hoverinfo="skip")


def _line(curve: RankCurve, kind: str, place: int, in_legend: bool) -> go.Scatter:
    area = {"roc": "AUROC", "pr": "AUPRC"}[kind]
    x_title, y_title = _AXES[kind]
    return go.Scatter(
        name=curve.arm,
        legendgroup=curve.arm,
        showlegend=in_legend,
        x=list(curve.x),
        y=list(curve.y),
        mode="lines",
        # between two thresholds nothing is reached: average precision takes the lower one's
        line={
            "color": colour(place),
            "dash": dash(place),
            "width": 1.8,
            "shape": "linear" if kind == "roc" else "vh",
        },
        hovertemplate=(
            f"{curve.arm}, {area} {curve.area:.3f}<br>{x_title} %{{x:.2f}}, {y_title} %{{y:.2f}}<extra></extra>"
        ),
    )


def _operating(curve: RankCurve, kind: str, place: int) -> go.Scatter:
    assert curve.operating is not None
    x_title, y_title = _AXES[kind]
    return go.Scatter(
        legendgroup=curve.arm,
        showlegend=False,
        x=[curve.operating[0]],
        y=[curve.operating[1]],
        mode="markers",
        marker={"symbol": symbol(place), "color": colour(place), "size": 10, "line": {"color": "white", "width": 1.5}},
        hovertemplate=(f"{curve.arm}, at its thresholds<br>{x_title} %{{x:.2f}}, {y_title} %{{y:.2f}}<extra></extra>"),
    )
