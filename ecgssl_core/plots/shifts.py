"""How the probabilities of classes move where something is changed: a row a class, a mark for each state."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ecgssl_core.plots.palette import FAINT, colour, dress, symbol

_ROW_PIXELS = 30
_GREY = "#7F7F7F"


@dataclass(frozen=True)
class Shift:
    """One class: its name, its threshold, and its probability in each state, as it is first."""

    name: str
    threshold: float
    probabilities: tuple[float, ...]


def shift_figure(rows: Sequence[Shift], states: Sequence[str]) -> go.Figure:
    """Draw a row for each class, the first on top, a mark for each state, and its threshold as an upright line.

    Args:
        rows: the classes.
        states: what the probabilities of a row stand for, as it is first.

    Raises:
        ValueError: a row has not one probability for each state.
    """
    if any(len(row.probabilities) != len(states) for row in rows):
        raise ValueError(f"not {len(states)} probabilities in each row")
    figure = go.Figure()
    names = [row.name for row in rows]
    along: list[float | None] = [value for row in rows for value in (*_span(row), None)]
    labels: list[str | None] = [value for row in rows for value in (row.name, row.name, None)]
    line = {"color": FAINT, "width": 4}
    figure.add_scatter(x=along, y=labels, mode="lines", line=line, showlegend=False, hoverinfo="skip")
    figure.add_scatter(
        name="threshold",
        x=[row.threshold for row in rows],
        y=names,
        mode="markers",
        marker={"symbol": "line-ns", "size": 16, "line": {"width": 2, "color": _GREY}},
        hovertemplate="%{y}<br>threshold %{x:.3f}<extra></extra>",
    )
    for place, state in enumerate(states):
        figure.add_scatter(
            name=state,
            x=[row.probabilities[place] for row in rows],
            y=names,
            mode="markers",
            marker={"color": colour(place), "symbol": symbol(place), "size": 11},
            hovertemplate=f"%{{y}}<br>{state}: %{{x:.3f}}<extra></extra>",
        )
    dress(figure, height=_ROW_PIXELS * len(rows) + 90)
    figure.update_xaxes(title="probability", range=[-0.02, 1.02], fixedrange=True)
    figure.update_yaxes(type="category", categoryarray=names, autorange="reversed", fixedrange=True)
    return figure


def _span(row: Shift) -> tuple[float, float]:
    return min(row.probabilities), max(row.probabilities)
