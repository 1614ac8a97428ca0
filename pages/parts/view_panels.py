"""The views of a record as lines of a figure: of one lead all views, or of one view all leads."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

from ecgssl_core.plots.view_sheet import sheet_figure
from ecgssl_core.plots.views import Lane, image_figure, trace_figure
from ecgssl_core.signals.drawn import Drawn, DrawnGroup
from ecgssl_core.signals.spec import InputSpec

ALL_LEADS = "all leads"
_KIND = {"global": "global view", "local": "local view"}
View = tuple[DrawnGroup, int]


def views_of(drawn: Drawn) -> dict[str, View]:
    """Give the views by their names, such as `global 1`."""
    return {f"{group.name} {at + 1}": (group, at) for group in drawn.groups for at in range(len(group.values))}


def view_names(globals_: int, locals_: int) -> list[str]:
    """List the names of so many views."""
    return [*(f"global {at + 1}" for at in range(globals_)), *(f"local {at + 1}" for at in range(locals_))]


def figure_of(drawn: Drawn, lead: int | None, chosen: str, spec: InputSpec) -> go.Figure:
    """Give the figure of one lead with all views, or, without a lead, of all leads with the chosen view."""
    views = views_of(drawn)
    if lead is None:
        lanes = [lane for at in range(len(spec.leads)) for lane in _lead_lanes(drawn, views[chosen], at, chosen, spec)]
    else:
        lanes = [_record_lane(drawn, views[chosen], lead, f"record, {spec.leads[lead]}", spec)]
        lanes += [_view_lane(drawn, view, lead, name, spec) for name, view in views.items()]
    return _figure(drawn, lanes, spec)


def sheet_of(draws: Sequence[tuple[int, Drawn]], lead: int, chosen: str, spec: InputSpec) -> go.Figure:
    """Give one view of each of several draws, beside its seed."""
    cells = []
    for seed, drawn in draws:
        lane = _view_lane(drawn, views_of(drawn)[chosen], lead, f"seed {seed}", spec)
        cells.append(replace(lane, under=drawn.source[lead]))
    return sheet_figure(cells, draws[0][1].source.shape[-1] / spec.rate, hertz_of(draws[0][1], spec))


def hertz_of(drawn: Drawn, spec: InputSpec) -> list[float]:
    """Give the middle of each bin; none for series."""
    if drawn.image is None:
        return []
    return [bin_ * spec.rate / spec.stft_window for bin_ in range(drawn.image.shape[1])]


def _figure(drawn: Drawn, lanes: list[Lane], spec: InputSpec) -> go.Figure:
    if drawn.image is not None:
        unit = "log(1 + 100 mV)" if spec.log_spectrogram else "mV"
        return image_figure(lanes, hertz_of(drawn, spec), unit)
    spread = max(float(np.ptp(np.percentile(lane.values, [1, 99]))) for lane in lanes)
    figure = trace_figure(lanes, max(1.3 * spread, 0.1))
    figure.update_xaxes(range=[0, drawn.source.shape[-1] / spec.rate])
    return figure


def _lead_lanes(drawn: Drawn, view: View, lead: int, name: str, spec: InputSpec) -> list[Lane]:
    if drawn.image is not None:
        record = Lane(spec.leads[lead], "record", 0.0, _seconds(drawn, spec), drawn.image[lead])
        return [record, _view_lane(drawn, view, lead, name, spec)]
    whole = drawn.source[lead], (0.0, _seconds(drawn, spec))
    return [replace(_view_lane(drawn, view, lead, spec.leads[lead], spec), under=whole[0], under_at=whole[1])]


def _record_lane(drawn: Drawn, view: View, lead: int, name: str, spec: InputSpec) -> Lane:
    """Give the record, with what the chosen view has lost marked on it."""
    values = drawn.source[lead] if drawn.image is None else drawn.image[lead]
    marked = _view_lane(drawn, view, lead, name, spec)
    return Lane(name, "record", 0.0, _seconds(drawn, spec), values, None, marked.gone, marked.bands, marked.crossed)


def _view_lane(drawn: Drawn, view: View, lead: int, name: str, spec: InputSpec) -> Lane:
    (group, at), step = view, _step(drawn, spec)
    (start, count), values, gone = group.crops[at].tolist(), group.values[at, lead], group.gone[at, lead]
    under = None
    if drawn.image is None:
        under = drawn.source[lead, start : start + count]
        name += f" ×{len(gone) / count:.1f}" if count != len(gone) else ""
    else:
        # a narrow crop of a spectrogram stands in the middle of its view, which is empty around it
        left = (len(gone) - count) // 2
        values, gone = values[:, left : left + count], gone[left : left + count]
    begins, lasts = start * step, count * step
    scale = lasts / len(gone)
    spans = tuple((begins + one * scale, begins + two * scale) for one, two in _runs(gone))
    bands = () if group.bins is None else _bands(group, at, lead, spec)
    if not group.stays[at, lead]:
        name, spans, bands = f"{name} masked", ((begins, begins + lasts),), ()
    crossed = group.crossed and bool(group.stays[at, lead])
    return Lane(name, _KIND[group.name], begins, lasts, values, under, spans, bands, crossed)


def _bands(group: DrawnGroup, at: int, lead: int, spec: InputSpec) -> tuple[tuple[float, float], ...]:
    assert group.bins is not None
    first, count = group.bins[at, min(lead, group.bins.shape[1] - 1)].tolist()
    width = spec.rate / spec.stft_window
    return (((first - 0.5) * width, (first + count - 0.5) * width),)


def _runs(gone: np.ndarray) -> list[tuple[int, int]]:
    """Give first and end of each stretch of what is gone (places,)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], gone.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _step(drawn: Drawn, spec: InputSpec) -> float:
    return 1 / spec.rate if drawn.image is None else (spec.stft_window - spec.stft_overlap) / spec.rate


def _seconds(drawn: Drawn, spec: InputSpec) -> float:
    places = drawn.source.shape[-1] if drawn.image is None else drawn.image.shape[-1]
    return places * _step(drawn, spec)
