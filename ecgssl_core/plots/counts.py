"""Counts of named things as stacked bars."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ecgssl_core.plots.palette import SPARE, colour

PATTERNS = ("", "/", ".", "x", "-", "|", "+")  # colour is never the only difference


def draw_counts(
    names: Sequence[str],
    counts: Mapping[str, Sequence[int]],
    unit: str,
    meanings: Sequence[str] = (),
) -> go.Figure:
    """Draw one bar a name, its parts on top of each other and their sum above.

    Args:
        names: what stands under the bars.
        counts: height of each part, by the name of the part; one number a bar.
        unit: what is counted, for the axis.
        meanings: each name in words, shown under the pointer; without them the names themselves.
    """
    figure = go.Figure()
    for at, (part, heights) in enumerate(counts.items()):
        figure.add_bar(
            name=part,
            x=list(names),
            y=list(heights),
            customdata=list(meanings or names),
            marker={"color": colour(at), "pattern": {"shape": PATTERNS[at % len(PATTERNS)], "solidity": 0.15}},
            hovertemplate=f"%{{customdata}}<br>{part}: %{{y}} {unit}<extra></extra>",
        )
    sums = [sum(heights) for heights in zip(*counts.values(), strict=True)]
    figure.add_scatter(
        x=list(names), y=sums, text=sums, mode="text", textposition="top center", hoverinfo="skip", showlegend=False
    )
    figure.update_layout(
        barmode="stack",
        height=380,
        margin={"l": 0, "r": 0, "t": 16, "b": 80},
        modebar={"remove": list(SPARE)},
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom"},
        yaxis={"title": unit, "range": [0, 1.15 * max(sums, default=1)]},
        xaxis={"type": "category", "fixedrange": True},
    )
    return figure
