"""How evenly folds share what they were to share, as a square of shares."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ecgssl_core.plots.palette import dress

_CELL_PX = 26


def draw_balance(names: Sequence[str], counts: NDArray[np.int64]) -> go.Figure:
    """Draw the share of each row's records that lies in each fold; even shares give one shade all over.

    Args:
        names: of what is shared: records, groups, classes.
        counts: (names, folds).
    """
    whole = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shares, folds = counts / whole, counts.shape[1]
    told = [
        [f"fold {fold}: {counts[row, fold]} of {whole[row, 0]} {name}" for fold in range(folds)]
        for row, name in enumerate(names)
    ]
    heat = go.Heatmap(
        z=shares, x=[str(fold) for fold in range(folds)], y=list(names), text=counts.astype(str), xgap=1, ygap=1,
        hovertext=told, texttemplate="%{text}", hovertemplate="%{hovertext}<extra></extra>",
        colorscale="Blues", zmin=0, zmax=max(2 / folds, 0.05), colorbar={"title": "share", "tickformat": ".0%"},
    )  # fmt: skip
    figure = dress(go.Figure(heat), height=_CELL_PX * len(names) + 100)
    figure.update_xaxes(title="fold", type="category", fixedrange=True)
    figure.update_yaxes(autorange="reversed", type="category", fixedrange=True)
    return figure
