"""Which classes occur together, as a square of shares."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ecgssl_core.plots.palette import dress

_CELL_PX = 22


def draw_together(names: Sequence[str], counts: NDArray[np.int64]) -> go.Figure:
    """Draw the share of each row's records that also have the column's class; the diagonal is left empty.

    Args:
        names: of the classes.
        counts: records with both, (classes, classes), each class's own on the diagonal.
    """
    own = np.maximum(np.diag(counts), 1)
    shares = counts / own[:, None]
    np.fill_diagonal(shares, np.nan)
    told = [
        [f"{counts[row, column]} of {own[row]} {names[row]} are also {names[column]}" for column in range(len(names))]
        for row in range(len(names))
    ]
    heat = go.Heatmap(
        z=shares, x=list(names), y=list(names), text=told, hovertemplate="%{text}<extra></extra>",
        colorscale="Blues", zmin=0, zmax=1, colorbar={"title": "share", "tickformat": ".0%"}, xgap=1, ygap=1,
    )  # fmt: skip
    figure = dress(go.Figure(heat), height=_CELL_PX * len(names) + 120)
    figure.update_xaxes(title="also", tickangle=-45, type="category")
    figure.update_yaxes(title="of the records with", autorange="reversed", type="category")
    return figure
