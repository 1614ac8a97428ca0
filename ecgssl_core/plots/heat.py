"""A square of shares with the numbers in it."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ecgssl_core.plots.palette import dress

_CELL_PIXELS = 26


def share_heat(
    short: Sequence[str], names: Sequence[str], shares: NDArray[np.float64], records: Sequence[int], title: str
) -> go.Figure:
    """Draw shares as colour and as per cent, rows from the top.

    Args:
        short: abbreviations of rows and columns.
        names: the whole names, for whoever points at a cell.
        shares: (classes, classes), in [0, 1], NaN where unknown.
        records: how many each row is a share of.
        title: what a cell says.
    """
    told = [
        [_told(title, names[row], names[column], records[row], shares[row, column]) for column in range(len(short))]
        for row in range(len(short))
    ]
    heat = go.Heatmap(
        z=[[None if cell != cell else float(cell) for cell in row] for row in shares],
        x=list(short),
        y=list(short),
        customdata=told,
        text=[[_percent(cell) for cell in row] for row in shares],
        texttemplate="%{text}",
        textfont={"size": 10},
        hovertemplate="%{customdata}<extra></extra>",
        colorscale="Blues",
        zmin=0,
        zmax=1,
        xgap=1,
        ygap=1,
        showscale=False,
    )
    figure = dress(go.Figure(heat), height=_CELL_PIXELS * len(short) + 110)
    figure.update_layout(margin={"t": 34}, title={"text": f"{title}, %", "font": {"size": 13}, "x": 0, "y": 0.99})
    figure.update_xaxes(type="category", tickangle=-60, fixedrange=True, showgrid=False)
    figure.update_yaxes(type="category", autorange="reversed", fixedrange=True, showgrid=False)
    return figure


def _percent(share: float) -> str:
    if share != share:
        return "–"
    return "" if share == 0 else f"{100 * share:.0f}"


def _told(title: str, row: str, column: str, records: int, share: float) -> str:
    said = "no such record" if share != share else f"{share:.1%}"
    return f"{title}<br>{row} ({records:,} records) → {column}<br>{said}"
