"""A few seconds of a few leads on paper, small enough to stand beside others."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

LEADS = ("II", "V1", "V5")
SECONDS = 5.0
_ROW_MV = 2.0  # room for one lead
_PIXELS_A_MV = 26
_PAPER, _LINE, _INK = "#fff5f3", "#f0b9b0", "#1c2730"
_BOX_S, _BOX_MV = 0.2, 0.5


def thumbnail_figure(signal: NDArray[np.floating], rate: float, leads: Sequence[str]) -> go.Figure:
    """Draw the first seconds of LEADS, or of the first leads where those are missing, one below the other.

    The lines are 0.2 s and 0.5 mV apart, as the thick ones of paper.

    Args:
        signal: (leads, samples), in mV.
        rate: samples a second.
        leads: name of each row.
    """
    names = [lead for lead in LEADS if lead in leads] or list(leads[: len(LEADS)])
    count = min(round(SECONDS * rate), signal.shape[1])
    figure = go.Figure()
    for place, name in enumerate(names):
        row = signal[list(leads).index(name), :count]
        known = row[np.isfinite(row)]
        middle = float(np.median(known)) if len(known) else 0.0
        base = -place * _ROW_MV
        figure.add_scatter(
            x=np.arange(count) / rate, y=row - middle + base, mode="lines", line={"color": _INK, "width": 1}, name=name
        )
        figure.add_annotation(x=0, y=base, text=name, showarrow=False, xanchor="left", yshift=16)
    height = len(names) * _ROW_MV
    figure.update_layout(
        height=round(height * _PIXELS_A_MV),
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        paper_bgcolor=_PAPER,
        plot_bgcolor=_PAPER,
        hovermode=False,
    )
    figure.update_annotations(font={"size": 11, "color": _INK})
    axis = {"showticklabels": False, "gridcolor": _LINE, "gridwidth": 1, "zeroline": False, "fixedrange": True}
    figure.update_xaxes(range=[0, SECONDS], dtick=_BOX_S, **axis)
    figure.update_yaxes(range=[-height + _ROW_MV / 2, _ROW_MV / 2], dtick=_BOX_MV, **axis)
    return figure
