"""Records as points, placed by a network's features, in groups of one colour and shape."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ecgssl_core.plots.palette import colour, dress, symbol


@dataclass(frozen=True, eq=False)
class Group:
    """Points of one colour: their name, place (points, 2), row of the pack and words for whoever points at one."""

    name: str
    places: NDArray[np.float32]
    rows: Sequence[int]
    words: Sequence[str]


def embedding_figure(groups: Sequence[Group], marked: tuple[float, float] | None = None) -> go.Figure:
    """Draw the groups one above the other, and a ring about one point.

    A point's row is the first of its customdata.

    Args:
        groups: at most a dozen.
        marked: place of the ring.
    """
    figure = go.Figure()
    for place, group in enumerate(groups):
        figure.add_scatter(
            name=f"{group.name} ({len(group.rows):,})",
            x=group.places[:, 0].round(3).tolist(),
            y=group.places[:, 1].round(3).tolist(),
            customdata=[[row, words] for row, words in zip(group.rows, group.words, strict=True)],
            mode="markers",
            marker={"symbol": symbol(place), "color": colour(place), "size": 6, "opacity": 0.75},
            hovertemplate="%{customdata[1]}<extra></extra>",
        )
    if marked:
        figure.add_scatter(
            x=[marked[0]], y=[marked[1]], mode="markers", showlegend=False, hoverinfo="skip",
            marker={"symbol": "circle-open", "size": 18, "color": "#E69F00", "line": {"width": 3}},
        )  # fmt: skip
    dress(figure, height=520)
    figure.update_layout(dragmode="lasso")
    figure.update_xaxes(title="first direction", showticklabels=False, zeroline=False)
    figure.update_yaxes(title="second direction", showticklabels=False, zeroline=False)
    return figure
