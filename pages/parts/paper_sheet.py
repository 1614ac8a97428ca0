"""A sheet of ECG paper on the page: a canvas, drawn in the browser from millimetres."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from ecgssl_core.plots.paper_sheet import PaperSheet

NOTE = "Research use only · not reviewed by a physician"
_HERE = Path(__file__).parent
_MISSING, _LARGEST = -32768, 32767
_FINEST_MV = 0.001

_paper = st.components.v2.component(
    "ecg_paper",
    html=(
        '<div class="paper" tabindex="0" role="region"><canvas role="img"></canvas></div>'
        '<p class="hint">Swipe, or use the arrow keys, to see the rest of the sheet.</p>'
    ),
    css=(_HERE / "paper.css").read_text(),
    js=(_HERE / "paper.js").read_text(),
)


def mount_sheet(sheet: PaperSheet, alt: str, key: str, grey: bool = False) -> None:
    """Put a sheet on the page.

    Args:
        sheet: what is drawn.
        alt: what those read who cannot see it.
        key: of the place on the page.
        grey: draw a grey grid in place of the pink one.
    """
    _paper(key=key, data={**_wire(sheet), "alt": alt, "paper": "grey" if grey else "pink"})


def _wire(sheet: PaperSheet) -> dict[str, Any]:
    """Give a sheet as JSON, its samples as int16 in base64: a tenth of what numbers in text would take."""
    samples = np.concatenate([strip.samples for strip in sheet.strips] or [np.zeros(0, np.float32)])
    known = np.isfinite(samples)
    lsb_mv = max(_FINEST_MV, float(np.abs(samples[known]).max(initial=0)) / _LARGEST)
    whole = np.full(len(samples), _MISSING, dtype="<i2")
    whole[known] = np.round(samples[known] / lsb_mv)
    firsts = np.cumsum([0, *(len(strip.samples) for strip in sheet.strips)]).tolist()
    return {
        "samples": base64.b64encode(whole.tobytes()).decode(),
        "sheet": {
            "width": sheet.width,
            "height": sheet.height,
            "gain": sheet.gain,
            "lsb_mv": lsb_mv,
            "scale": sheet.scale,
            "note": NOTE,
            "strips": [
                {"x": strip.x, "y": strip.y, "step": strip.step, "ink": strip.ink, "first": first, "count": count}
                for strip, first, count in zip(sheet.strips, firsts, np.diff(firsts).tolist(), strict=False)
            ],
            "labels": [{"x": at.x, "y": at.y, "text": at.text, "remark": at.remark} for at in sheet.labels],
            "pulses": sheet.pulses,
            "breaks": sheet.breaks,
            "ticks": sheet.ticks,
        },
    }
