"""Several draws side by side: the record and one view of each in a cell of its own."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ecgssl_core.plots.decimate import decimated
from ecgssl_core.plots.palette import BELOW, dress
from ecgssl_core.plots.views import COLOUR, SCALE, Lane, add_boxes, cut_boxes

_COLUMNS = 4
_CELL_PIXELS = 130
_POINTS = 500  # of a line in a cell

Numbers = NDArray[np.floating]
Line = tuple[list[Numbers], list[Numbers]]


def sheet_figure(cells: Sequence[Lane], seconds: float, hertz: Sequence[float] = ()) -> go.Figure:
    """Draw each cell's view over the record at its place, four cells a row.

    Args:
        cells: a view each; `under` is the whole record, of series.
        seconds: length of the record.
        hertz: middle of each bin, for spectrograms.
    """
    figure = go.Figure()
    wide, tall = seconds * 1.06, _height(cells, hertz)
    lines: dict[str, Line] = {kind: ([], []) for kind in COLOUR}
    boxes: list[tuple[float, float, float, float]] = []
    for place, cell in enumerate(cells):
        left, middle = place % _COLUMNS * wide, -(place // _COLUMNS) * tall
        if hertz:
            _add_image(figure, cell, left, middle, hertz, cells)
            bin_ = hertz[1]
            low, high, top = middle - bin_ / 2, middle + hertz[-1] + bin_ / 2, middle + hertz[-1] + bin_
            boxes += cut_boxes(cell, left, middle, low, high)
        else:
            _add(lines["record"], left, seconds, middle, cell.under)
            _add(lines[cell.kind], left + cell.begins, cell.lasts, middle, cell.values)
            top = middle + 0.36 * tall
            boxes += [(left + begin, left + end, middle - 0.3 * tall, middle + 0.3 * tall) for begin, end in cell.gone]
        figure.add_annotation(x=left, y=top, text=cell.name, showarrow=False, xanchor="left", yanchor="bottom")
    for kind, (x, y) in lines.items():
        if x:
            line = {"color": COLOUR[kind], "width": 1.0 if kind == "record" else 1.4}
            along, up = np.concatenate(x).astype(np.float32), np.concatenate(y).astype(np.float32)
            figure.add_scatter(x=along, y=up, mode="lines", line=line, name=kind, hoverinfo="skip")
    add_boxes(figure, boxes)
    dress(figure, height=90 + _CELL_PIXELS * -(-len(cells) // _COLUMNS))
    figure.update_layout(margin={"t": 30, "b": 50}, legend=BELOW)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure


def _height(cells: Sequence[Lane], hertz: Sequence[float]) -> float:
    if hertz:
        return 1.15 * (hertz[-1] + 3 * hertz[1])
    lines = [line for cell in cells for line in (cell.under, cell.values) if line is not None]
    tallest = max(float(np.percentile(np.abs(line), 99.5)) for line in lines)
    return max(3.7 * tallest, 1e-3)


def _add(line: Line, begins: float, lasts: float, at: float, values: Numbers | None) -> None:
    assert values is not None
    along, few = decimated(begins + np.arange(len(values)) * (lasts / len(values)), values, _POINTS)
    line[0].extend([along, np.array([np.nan])])
    line[1].extend([few + at, np.array([np.nan])])


def _add_image(
    figure: go.Figure, cell: Lane, left: float, floor: float, hertz: Sequence[float], cells: Sequence[Lane]
) -> None:
    frame = cell.lasts / cell.values.shape[-1]
    figure.add_heatmap(
        z=cell.values.astype(np.float32), x0=left + cell.begins + frame / 2, dx=frame, y0=floor,
        dy=hertz[1] - hertz[0], colorscale=SCALE, showscale=False, hoverinfo="skip",
        zmin=min(float(one.values.min()) for one in cells), zmax=max(float(one.values.max()) for one in cells),
    )  # fmt: skip
