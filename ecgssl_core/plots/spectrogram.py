"""A spectrogram as an image: time to the right, frequency upwards."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ecgssl_core.plots.palette import dress

SCALE = "Cividis"  # told apart by colour-blind eyes, and in grey


def spectrogram_figure(
    magnitudes: NDArray[np.floating],
    seconds: Sequence[float],
    hertz: Sequence[float],
    unit: str = "mV",
    limits: tuple[float, float] | None = None,
    height: int = 260,
) -> go.Figure:
    """Draw one lead's spectrogram.

    Args:
        magnitudes: (bins, frames); NaN where a view has no signal, left blank.
        seconds: middle of each frame.
        hertz: middle of each bin.
        unit: of the magnitudes.
        limits: magnitudes at the ends of the colours, so that several figures can share them; their own if not given.
        height: of the figure, in pixels.

    Raises:
        ValueError: the axes do not fit the magnitudes.
    """
    if magnitudes.shape != (len(hertz), len(seconds)):
        raise ValueError(f"magnitudes {magnitudes.shape} do not fit {len(hertz)} bins and {len(seconds)} frames")
    low, high = limits if limits is not None else (None, None)
    figure = go.Figure(
        go.Heatmap(
            z=magnitudes,
            x=list(seconds),
            y=list(hertz),
            zmin=low,
            zmax=high,
            colorscale=SCALE,
            colorbar={"title": {"text": unit, "side": "right"}, "thickness": 12, "outlinewidth": 0},
            hovertemplate=f"%{{x:.2f}} s, %{{y:.0f}} Hz<br>%{{z:.3g}} {unit}<extra></extra>",
        )
    )
    dress(figure, height)
    figure.update_xaxes(title="time (s)", showgrid=False)
    figure.update_yaxes(title="frequency (Hz)", showgrid=False, rangemode="tozero")
    return figure
