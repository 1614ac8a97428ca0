"""A record and its views on one time axis, a line each; what was cut out or masked is hatched."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ecgssl_core.plots.decimate import decimated
from ecgssl_core.plots.palette import BELOW, COLOURS, dress

SCALE = "Cividis"  # told apart by colour-blind eyes, and in grey
COLOUR = {"record": "#7F7F7F", "global view": COLOURS[0], "local view": COLOURS[2]}
CUT = COLOURS[1]
HATCH = {"shape": "/", "fgcolor": CUT, "bgcolor": "rgba(213, 94, 0, 0.12)", "size": 6, "solidity": 0.25}
_LANE_PIXELS, _ROUND_PIXELS = 46, 130
_STRIP_POINTS = 800
_IMAGE_GAP = 0.12  # of a spectrogram's height

Numbers = NDArray[np.floating]
Spans = tuple[tuple[float, float], ...]
Box = tuple[float, float, float, float]  # begin, end, low, high


@dataclass(frozen=True, eq=False)
class Lane:
    """One line of the figure.

    name: what stands before it; kind: `record`, `global view` or `local view`; begins, lasts: place on the axis (s);
    values: (samples,) in mV, or (bins, frames); under: the record, of its own number of samples, at the place of the
    lane or at `under_at` (begin and length in s); gone: spans cut out or masked (s); bands: bins cut out, as
    frequencies in Hz; crossed: cut out only where both cross.
    """

    name: str
    kind: str
    begins: float
    lasts: float
    values: Numbers
    under: Numbers | None = None
    gone: Spans = ()
    bands: Spans = ()
    crossed: bool = False
    under_at: tuple[float, float] | None = None


def trace_figure(lanes: Sequence[Lane], apart_mv: float) -> go.Figure:
    """Draw series one below the other, each view where it lies in the record, over the record itself.

    Args:
        lanes: from top to bottom.
        apart_mv: distance of neighbouring lines.
    """
    figure = go.Figure()
    at = -apart_mv * np.arange(len(lanes))
    under = [(*(lane.under_at or (lane.begins, lane.lasts)), lane.under, y) for lane, y in zip(lanes, at, strict=True)]
    _add_lines(figure, "record", [one for one in under if one[2] is not None], "#7F7F7F", 0.9)
    for kind, colour in COLOUR.items():
        own = [
            (lane.begins, lane.lasts, lane.values, y) for lane, y in zip(lanes, at, strict=True) if lane.kind == kind
        ]
        _add_lines(figure, kind, own, colour, 1.4)
    half = 0.42 * apart_mv
    boxes = [(*span, y - half, y + half) for lane, y in zip(lanes, at, strict=True) for span in lane.gone]
    add_boxes(figure, boxes)
    _finish(figure, [lane.name for lane in lanes], list(map(float, at)), len(lanes))
    figure.update_yaxes(title=f"lines are {apart_mv:.2g} mV apart", range=[at[-1] - 0.8 * apart_mv, 0.8 * apart_mv])
    return figure


def image_figure(lanes: Sequence[Lane], hertz: Sequence[float], unit: str) -> go.Figure:
    """Draw spectrograms one below the other on one time axis, all in one scale of colours.

    Args:
        lanes: from top to bottom.
        hertz: middle of each bin.
        unit: of the values.
    """
    figure = go.Figure()
    bin_ = hertz[1] - hertz[0]
    tall = hertz[-1] + bin_
    step = tall * (1 + _IMAGE_GAP)
    low = min(float(lane.values.min()) for lane in lanes)
    high = max(float(lane.values.max()) for lane in lanes)
    middles, boxes = [], []
    for place, lane in enumerate(lanes):
        floor = -place * step
        frame = lane.lasts / lane.values.shape[-1]
        heat = go.Heatmap(
            z=lane.values.astype(np.float32), x0=lane.begins + frame / 2, dx=frame, y0=floor, dy=bin_,
            colorscale=SCALE, zmin=low, zmax=high, showscale=place == 0, hoverinfo="skip",
            colorbar={"title": {"text": unit, "side": "right"}, "thickness": 10, "len": 0.8},
        )  # fmt: skip
        figure.add_trace(heat)
        middles.append(floor + (tall - bin_) / 2)
        bottom = floor - bin_ / 2
        boxes += cut_boxes(lane, 0.0, floor, bottom, bottom + tall)
    add_boxes(figure, boxes)
    _finish(figure, [lane.name for lane in lanes], middles, len(lanes))
    figure.update_yaxes(title=f"each 0 to {hertz[-1]:.0f} Hz", showgrid=False)
    return figure


def _add_lines(
    figure: go.Figure, name: str, lines: Sequence[tuple[float, float, Numbers | None, float]], colour: str, width: float
) -> None:
    """Draw all lines of a kind as one trace, with gaps between them."""
    along: list[Numbers] = []
    up: list[Numbers] = []
    for begins, lasts, values, at in lines:
        assert values is not None
        along += [begins + np.arange(len(values)) * (lasts / len(values)), np.array([np.nan])]
        up += [values + at, np.array([np.nan])]
    if lines:
        x, y = np.concatenate(along).astype(np.float32), np.concatenate(up).astype(np.float32)
        line = {"color": colour, "width": width}
        shown = name not in {trace.name for trace in figure.data}
        figure.add_scatter(x=x, y=y, mode="lines", line=line, name=name, hoverinfo="skip", showlegend=shown)


def cut_boxes(
    lane: Lane, left: float, floor: float, low: float, high: float
) -> list[tuple[float, float, float, float]]:
    """Give the boxes (begin, end, low, high) of what a spectrogram lost: columns and rows, or where both cross.

    Args:
        lane: its spans and bands.
        left: where second 0 of the record stands.
        floor: where 0 Hz stands.
        low, high: ends of a column.
    """
    if lane.crossed:
        return [(left + a, left + b, floor + c, floor + d) for a, b in lane.gone for c, d in lane.bands]
    rows = [(left + lane.begins, left + lane.begins + lane.lasts, floor + a, floor + b) for a, b in lane.bands]
    return [(left + a, left + b, low, high) for a, b in lane.gone] + rows


def add_boxes(figure: go.Figure, boxes: Sequence[Box]) -> None:
    """Draw hatched boxes (begin, end, low, high) as one trace."""
    if not boxes:
        return
    x = [place for begin, end, _, _ in boxes for place in (begin, end, end, begin, begin, None)]
    y = [place for _, _, low, high in boxes for place in (low, low, high, high, low, None)]
    figure.add_scatter(
        x=x, y=y, mode="lines", fill="toself", fillpattern=HATCH, line={"color": CUT, "width": 0.8},
        name="cut out or masked", hoverinfo="skip", showlegend=True,
    )  # fmt: skip


def strip_figure(values: Numbers, seconds: float, taken: tuple[float, float]) -> go.Figure:
    """Draw a whole record, small, with the stretch that views are made of.

    Args:
        values: (samples,) in mV.
        seconds: length of the record.
        taken: begin and end of the stretch (s).
    """
    along, line = decimated(np.linspace(0, seconds, len(values), endpoint=False), values, _STRIP_POINTS)
    figure = go.Figure()
    figure.add_scatter(
        x=along.astype(np.float32), y=line.astype(np.float32), mode="lines", line={"color": "#7F7F7F", "width": 0.9},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    # written out: add_vrect takes longer than all the rest
    box = {"type": "rect", "xref": "x", "yref": "paper", "x0": taken[0], "x1": taken[1], "y0": 0, "y1": 1}
    dress(figure, height=120)
    look = {"fillcolor": COLOURS[0], "opacity": 0.15, "line": {"width": 1, "color": COLOURS[0]}}
    figure.update_layout(shapes=[{**box, **look}])
    figure.update_yaxes(visible=False)
    figure.update_xaxes(ticksuffix=" s", nticks=5)
    return figure


def _finish(figure: go.Figure, names: Sequence[str], places: Sequence[float], lanes: int) -> None:
    dress(figure, height=_ROUND_PIXELS + _LANE_PIXELS * max(lanes, 4))
    figure.update_layout(margin={"t": 30, "b": 100}, legend=BELOW)
    figure.update_yaxes(tickvals=list(places), ticktext=list(names), zeroline=False)
    figure.update_xaxes(title="seconds in the record", zeroline=False)
