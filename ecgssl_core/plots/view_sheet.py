"""Several draws side by side: the record and one view of each in a cell of its own."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from ecgssl_core.plots.palette import dress
from ecgssl_core.plots.views import COLOUR, CUT, HATCH, SCALE, Lane

_COLUMNS = 4
_CELL_PIXELS = 130


def sheet_figure(cells: Sequence[Lane], seconds: float, hertz: Sequence[float] = ()) -> go.Figure:
    """Draw each cell's view over the record at its place, four cells a row.

    Args:
        cells: a view each; `under` is the whole record.
        seconds: length of the record.
        hertz: middle of each bin, for spectrograms.
    """
    wide = seconds * 1.08
    tall = (
        (hertz[-1] + 2 * hertz[1]) if hertz else 3.2 * max(float(np.percentile(np.abs(_under(c)), 99.5)) for c in cells)
    )
    tall = max(tall * 1.15, 1e-3)
    figure = go.Figure()
    lines: dict[str, tuple[list[float], list[float]]] = {kind: ([], []) for kind in COLOUR}
    boxes: tuple[list[float | None], list[float | None]] = ([], [])
    for place, cell in enumerate(cells):
        left, middle = place % _COLUMNS * wide, -(place // _COLUMNS) * tall
        if hertz:
            _add_image(figure, cell, left, middle, hertz, cells)
        else:
            _add(lines["record"], left, seconds, middle, _under(cell))
            _add(lines[cell.kind], left + cell.begins, cell.lasts, middle, cell.values)
        for begin, end in cell.gone:
            low, high = (middle, middle + hertz[-1]) if hertz else (middle - 0.3 * tall, middle + 0.3 * tall)
            boxes[0].extend([left + begin, left + end, left + end, left + begin, left + begin, None])
            boxes[1].extend([low, low, high, high, low, None])
        top = middle + (hertz[-1] + 1.2 * hertz[1] if hertz else 0.36 * tall)
        figure.add_annotation(x=left, y=top, text=cell.name, showarrow=False, xanchor="left", yanchor="bottom")
    for kind, (x, y) in lines.items():
        if x:
            line = {"color": COLOUR[kind], "width": 1.0 if kind == "record" else 1.4}
            figure.add_scatter(x=x, y=y, mode="lines", line=line, name=kind, hoverinfo="skip")
    if boxes[0]:
        line = {"color": CUT, "width": 0.8}
        figure.add_scatter(
            x=boxes[0], y=boxes[1], mode="lines", fill="toself", line=line, name="cut out or masked", hoverinfo="skip",
            fillpattern=HATCH,
        )  # fmt: skip
    rows = -(-len(cells) // _COLUMNS)
    dress(figure, height=40 + _CELL_PIXELS * rows)
    figure.update_layout(margin={"t": 30})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure


def _under(cell: Lane) -> np.ndarray:
    assert cell.under is not None
    return np.asarray(cell.under, dtype=np.float32)


def _add(line: tuple[list[float], list[float]], begins: float, lasts: float, at: float, values: np.ndarray) -> None:
    line[0].extend([*np.round(begins + np.arange(len(values)) * (lasts / len(values)), 3).tolist(), float("nan")])
    line[1].extend([*np.round(at + values, 3).tolist(), float("nan")])


def _add_image(
    figure: go.Figure, cell: Lane, left: float, floor: float, hertz: Sequence[float], cells: Sequence[Lane]
) -> None:
    frame = cell.lasts / cell.values.shape[-1]
    figure.add_heatmap(
        z=np.round(cell.values, 4).astype(np.float32), x0=left + cell.begins + frame / 2, dx=frame, y0=floor,
        dy=hertz[1] - hertz[0], colorscale=SCALE, showscale=False, hoverinfo="skip",
        zmin=min(float(one.values.min()) for one in cells), zmax=max(float(one.values.max()) for one in cells),
    )  # fmt: skip
