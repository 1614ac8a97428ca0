"""The views of one lead as panels of a figure."""

import plotly.graph_objects as go

from ecgssl_core.plots.views import Panel, view_figure
from ecgssl_core.signals.drawn import Drawn, DrawnGroup
from ecgssl_core.signals.spec import InputSpec


def lead_figure(drawn: Drawn, lead: int, spec: InputSpec) -> go.Figure:
    """Give the figure of one lead."""
    step = 1 / spec.rate if drawn.image is None else (spec.stft_window - spec.stft_overlap) / spec.rate
    source = drawn.source if drawn.image is None else drawn.image
    panels = [panel for group in drawn.groups for panel in _panels(group, lead, step, drawn.image is not None)]
    hertz = () if drawn.image is None else [bin_ * spec.rate / spec.stft_window for bin_ in range(source.shape[1])]
    return view_figure(source[lead], drawn.source.shape[-1] / spec.rate, panels, hertz)


def _panels(group: DrawnGroup, lead: int, step: float, centred: bool) -> list[Panel]:
    panels = []
    for view, (start, count) in enumerate(group.crops.tolist()):
        places = group.values.shape[-1]
        # a narrow crop of a spectrogram stands in the middle of its view
        begins = start - (places - count) // 2 if centred else start
        lasts = places if centred else count
        cut = None
        if group.cuts is not None:
            first, cut_count = group.cuts[view, min(lead, group.cuts.shape[1] - 1)].tolist()
            scale = lasts / places * step
            cut = (begins * step + first * scale, begins * step + (first + cut_count) * scale)
        name = f"{group.name} {view + 1}"
        panels.append(Panel(name, begins * step, lasts * step, group.values[view, lead], cut))
    return panels
