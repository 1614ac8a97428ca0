"""A record and its views, panel by panel: where each lies in the record, what was cut out of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from ecgssl_core.plots.palette import COLOURS, dress

_COLUMNS = 4
_SCALE = "Cividis"  # told apart by colour-blind eyes, and in grey
_TOP_SHARE = 0.34
_PANEL_PIXELS = 150
_COLOUR = {"global": COLOURS[0], "local": COLOURS[2]}
_CUT = COLOURS[1]

Numbers = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Panel:
    """One view of one lead: where it lies in the source (s), its values (samples,) or (bins, frames), its cut (s)."""

    name: str
    begins: float
    lasts: float
    values: Numbers
    cut: tuple[float, float] | None


def view_figure(source: Numbers, seconds: float, panels: Sequence[Panel], hertz: Sequence[float] = ()) -> go.Figure:
    """Draw a source above its views; bars under the source show where each view lies, and where it was cut.

    Args:
        source: (samples,) in mV, or (bins, frames).
        seconds: length of the source.
        panels: the views, global ones first.
        hertz: middle of each bin, for spectrograms.
    """
    rows = 1 + -(-len(panels) // _COLUMNS)
    specs = [[{"colspan": _COLUMNS}, *[None] * (_COLUMNS - 1)], *[[{}] * _COLUMNS for _ in range(rows - 1)]]
    heights = [_TOP_SHARE, *[(1 - _TOP_SHARE) / (rows - 1)] * (rows - 1)]
    titles = ["record", *[panel.name for panel in panels]]
    figure = make_subplots(
        rows, _COLUMNS, specs=specs, row_heights=heights, subplot_titles=titles, vertical_spacing=0.3 / rows
    )
    figure.add_trace(_trace(source, 0.0, seconds, "#7F7F7F", hertz), row=1, col=1)
    _bars(figure, source, panels, hertz)
    for place, panel in enumerate(panels):
        at = {"row": 2 + place // _COLUMNS, "col": 1 + place % _COLUMNS}
        kind = panel.name.split()[0]
        figure.add_trace(_trace(panel.values, panel.begins, panel.lasts, _COLOUR[kind], hertz), **at)
        if panel.cut is not None and not hertz:
            figure.add_vrect(*panel.cut, fillcolor=_CUT, opacity=0.25, line_width=0, **at)
    dress(figure, height=_PANEL_PIXELS * (rows + 1))
    figure.update_layout(margin={"t": 28}, showlegend=False)
    figure.update_yaxes(title="Hz" if hertz else "mV", row=1, col=1)
    figure.update_xaxes(title="s", row=rows)
    return figure


def _trace(
    values: Numbers, begins: float, lasts: float, colour: str, hertz: Sequence[float]
) -> go.Scatter | go.Heatmap:
    along = begins + np.linspace(0, lasts, values.shape[-1])
    if hertz:
        return go.Heatmap(z=values, x=along, y=list(hertz), colorscale=_SCALE, showscale=False)
    return go.Scatter(x=along, y=values, mode="lines", line={"color": colour, "width": 1.3})


def _bars(figure: go.Figure, source: Numbers, panels: Sequence[Panel], hertz: Sequence[float]) -> None:
    low, high = (0.0, max(hertz)) if hertz else (float(source.min()), float(source.max()))
    step = max(high - low, 1e-3) / 14
    for place, panel in enumerate(panels):
        at = low - (place + 1.5) * step
        spans = [(panel.begins, panel.begins + panel.lasts, _COLOUR[panel.name.split()[0]])]
        spans += [(*panel.cut, _CUT)] if panel.cut is not None else []
        for begin, end, colour in spans:
            bar = go.Scatter(
                x=[begin, end], y=[at, at], mode="lines", line={"color": colour, "width": 4}, hovertemplate=panel.name
            )
            figure.add_trace(bar, row=1, col=1)
