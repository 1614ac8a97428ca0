"""What a model says of one record with fewer and fewer leads."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ecgssl_core.plots.palette import colour, dash, dress, symbol


def lead_set_figure(names: Sequence[str], classes: Mapping[str, Sequence[float]], chosen: str) -> go.Figure:
    """Draw a line a class over the sets of leads, the most leads first.

    Args:
        names: of the sets.
        classes: probability in each set, by name of the class.
        chosen: name of the set that is looked into; it is marked.
    """
    figure = go.Figure()
    for place, (name, values) in enumerate(classes.items()):
        figure.add_scatter(
            name=name,
            x=list(names),
            y=list(values),
            mode="lines+markers",
            line={"color": colour(place), "dash": dash(place), "width": 2},
            marker={"symbol": symbol(place), "size": 9},
            hovertemplate=f"%{{x}}<br>{name}: %{{y:.3f}}<extra></extra>",
        )
    dress(figure, height=300)
    at = list(names).index(chosen)
    figure.add_vrect(at - 0.25, at + 0.25, fillcolor="rgba(128, 128, 128, 0.18)", line_width=0, layer="below")
    figure.update_xaxes(type="category", title="leads that the network is given", fixedrange=True)
    figure.update_yaxes(title="probability", range=[-0.02, 1.02], fixedrange=True)
    return figure
