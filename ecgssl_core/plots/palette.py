"""The look that all figures share: colours for colour-blind eyes, on light and dark ground, and nothing round them."""

import plotly.graph_objects as go

# Okabe and Ito 2008, the bright ones darkened: each has a contrast of 3 to 1 or more with white and with near-black;
# the first four are told apart without red-green sight
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#9A7D0A", "#7F7F7F", "#3D8FC4")
# colour is never the only difference
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star")

TIME, SPECTROGRAM = COLOURS[0], COLOURS[1]
CLEAR = "rgba(0, 0, 0, 0)"
FAINT = "rgba(128, 128, 128, 0.3)"
BELOW = {"y": 0, "yref": "container", "yanchor": "bottom"}  # of a legend that would lie under the tool bar above
SPARE = ("zoomIn2d", "zoomOut2d", "autoScale2d")  # buttons of the tool bar that dragging and a double click replace


def colour(place: int) -> str:
    """Give the colour of the place-th thing in a figure, from the start again after the last."""
    return COLOURS[place % len(COLOURS)]


def symbol(place: int) -> str:
    """Give the marker of the place-th thing in a figure, from the start again after the last."""
    return SYMBOLS[place % len(SYMBOLS)]


def dash(place: int) -> str:
    """Give the line pattern of the place-th thing in a figure, from the start again after the last."""
    return DASHES[place % len(DASHES)]


def dress(figure: go.Figure, height: int) -> go.Figure:
    """Give the figure with see-through ground, faint grid, a legend above it and no title; zoom outlives a redraw.

    Args:
        height: of the whole figure, in pixels; its width is that of the place where it is shown.
    """
    figure.update_layout(
        height=height,
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "bgcolor": CLEAR},
        modebar={"bgcolor": CLEAR, "remove": list(SPARE)},
        uirevision="kept",
    )
    figure.update_xaxes(gridcolor=FAINT, zerolinecolor=FAINT, automargin=True)
    figure.update_yaxes(gridcolor=FAINT, zerolinecolor=FAINT, automargin=True)
    return figure
