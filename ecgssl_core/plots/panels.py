"""A grid of small panels that share their axes' titles and one legend."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType
from plotly.subplots import make_subplots

from ecgssl_core.plots.palette import BELOW, dress


def panel_grid(titles: Sequence[str], columns: int, pixels: int, x_title: str, y_title: str) -> go.Figure:
    """Give an empty figure with a panel for each title, to be filled with `fill_panels`.

    Args:
        titles: what stands above each panel.
        columns: most panels beside each other.
        pixels: height of a panel.
        x_title: under the lowest panels.
        y_title: beside the leftmost panels.
    """
    columns = max(1, min(columns, len(titles)))
    rows = max(1, math.ceil(len(titles) / columns))
    figure = make_subplots(
        rows=rows,
        cols=columns,
        subplot_titles=list(titles),
        vertical_spacing=min(0.3, 44 / pixels) / rows,
        horizontal_spacing=0.16 / columns,
    )
    dress(figure, height=pixels * rows + 130)
    # the panels' titles and the tool bar stand where the legend would be
    figure.update_layout(margin={"t": 40, "b": 90}, legend=BELOW)
    figure.update_annotations(font={"size": 12})
    last = len(titles) % columns or columns
    for column in range(1, columns + 1):
        # a last row that is not full leaves the lowest panel of a column one row higher
        figure.update_xaxes(title=x_title, row=rows if column <= last else rows - 1, col=column)
    figure.update_yaxes(title=y_title, col=1)
    return figure


def fill_panels(figure: go.Figure, traces: Sequence[tuple[int, BaseTraceType]], panels: int, columns: int) -> None:
    """Put traces into the panels of a grid, all at once: one by one takes seconds where there are hundreds.

    Args:
        figure: as `panel_grid` gives it.
        traces: each with the place of its panel.
        panels: how many there are.
        columns: as for `panel_grid`.
    """
    columns = max(1, min(columns, panels))
    rows, cols = ([place // columns + 1 for place, _ in traces], [place % columns + 1 for place, _ in traces])
    figure.add_traces([trace for _, trace in traces], rows=rows, cols=cols)
