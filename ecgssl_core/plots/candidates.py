"""Small pictures to answer a question by: the same stretch in several units, or a file's channels beside each other."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ecgssl_core.plots.palette import colour, dress
from ecgssl_core.plots.panels import fill_panels, panel_grid

SHOWN_S = 2.5
_HALF_MV = 2.0


def unit_picture(lead: NDArray[np.floating], rate: float, size_mv: float) -> go.Figure:
    """Draw a lead as it would be in a unit, on a scale of 4 mV from bottom to top.

    Args:
        lead: (samples,), in the file's bare numbers.
        rate: samples a second.
        size_mv: what one of the numbers would be, in mV.
    """
    shown = lead[: int(SHOWN_S * rate)]
    centred = shown - np.nanmedian(shown)
    seconds = np.arange(len(shown)) / rate
    figure = go.Figure(_line(seconds, centred * size_mv))
    dress(figure, height=190)
    figure.update_layout(margin={"l": 40, "r": 4, "t": 6, "b": 40})
    figure.update_xaxes(title="s", dtick=1)
    figure.update_yaxes(title="mV", range=[-_HALF_MV, _HALF_MV], dtick=1)
    return figure


def channel_pictures(signal: NDArray[np.floating], rate: float, titles: Sequence[str], columns: int = 4) -> go.Figure:
    """Draw a stretch of each channel of a file, each on a scale of its own.

    Args:
        signal: (channels, samples).
        rate: samples a second.
        titles: of the pictures.
        columns: beside each other.
    """
    shown = signal[:, : int(SHOWN_S * rate)]
    seconds = np.arange(shown.shape[1]) / rate
    figure = panel_grid(titles, columns, 90, "", "")
    fill_panels(figure, [(at, _line(seconds, row)) for at, row in enumerate(shown)], len(titles), columns)
    figure.update_xaxes(showticklabels=False)
    figure.update_yaxes(showticklabels=False)
    return figure


def _line(seconds: NDArray[np.floating], values: NDArray[np.floating]) -> go.Scatter:
    line = {"color": colour(0), "width": 1}
    return go.Scatter(x=seconds, y=values, mode="lines", line=line, showlegend=False, hoverinfo="skip")
