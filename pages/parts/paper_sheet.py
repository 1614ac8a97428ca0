"""A sheet of ECG paper on the page: a canvas with calipers, drawn in the browser from millimetres."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from ecgssl_core.inference.explained import Span
from ecgssl_core.plots.paper_inks import inks_json
from ecgssl_core.plots.paper_sheet import PaperSheet, Strip

NOTE = "Research use only · not reviewed by a physician"
_HERE = Path(__file__).parent
# one script, in an order in which each part finds what it needs above it
_PARTS = ("paper_draw", "paper_calipers", "paper_picture", "paper_hands", "paper")
_MISSING, _LARGEST = -32768, 32767
_FINEST_MV = 0.001
_LEAST_S = 0.02  # a shorter stretch is no stretch

_paper = st.components.v2.component(
    "ecg_paper",
    html=(_HERE / "paper.html").read_text(),
    css=(_HERE / "paper.css").read_text(),
    js="\n".join((_HERE / f"{part}.js").read_text() for part in _PARTS),
)
_samples = st.components.v2.component(
    "ecg_paper_samples", html="<span hidden></span>", js=(_HERE / "paper_samples.js").read_text()
)


@dataclass(frozen=True)
class Looks:
    """How a sheet stands on the page.

    Args:
        alt: what those read who cannot see it.
        paper: a key of PAPERS.
        layers: words for each layer that can be flipped to, such as `as recorded`; none where there is one only.
        of: what tells one record from another; calipers go with their record.
        brush: offer to brush a stretch.
        legend: what the shades mean, if there are any.
    """

    alt: str
    paper: str = "pink"
    layers: tuple[str, ...] = ()
    of: str = ""
    brush: bool = False
    legend: str = ""


def mount_sheet(sheet: PaperSheet, looks: Looks, key: str, whole: PaperSheet | None = None) -> Span | None:
    """Put a sheet on the page; give the stretch that was brushed on it, if any.

    The samples go to the browser apart from the rest, once as long as they are the same: another speed, gain, layout or
    paper sends a few thousand letters.

    Args:
        sheet: what is drawn.
        looks: how.
        key: of the place on the page.
        whole: a sheet of the same stretch in which each lead is whole, so that its samples serve every layout.
    """
    held = (whole or sheet).strips
    content, lsb_mv = _coded(held)
    name = hashlib.sha256(content).hexdigest()[:20]
    with st.container(gap=None):
        _samples(key=f"{key} samples", data={"id": name, "samples": base64.b64encode(content).decode()})
        state = _paper(
            key=key,
            data={
                "key": key,
                "samples": name,
                "sheet": {**_wire(sheet), "lsb_mv": lsb_mv, "strips": _places(sheet.strips, held)},
                "alt": looks.alt,
                "inks": inks_json(looks.paper),
                "layers": looks.layers,
                "of": looks.of,
                "brush": looks.brush,
                "legend": looks.legend,
                "statements": sheet.statements,
            },
            default={"span": None},
            on_span_change=lambda: None,
        )
    return _brushed(state.span, looks) if looks.brush else None


def _coded(strips: Sequence[Strip]) -> tuple[bytes, float]:
    """Give all samples one after the other as int16, a tenth of what numbers in text would take, and mV a step."""
    samples = np.concatenate([strip.samples for strip in strips] or [np.zeros(0, np.float32)])
    known = np.isfinite(samples)
    lsb_mv = max(_FINEST_MV, float(np.abs(samples[known]).max(initial=0)) / _LARGEST)
    steps = np.full(len(samples), _MISSING, dtype="<i2")
    steps[known] = np.round(samples[known] / lsb_mv)
    return steps.tobytes(), lsb_mv


def _places(strips: Sequence[Strip], held: Sequence[Strip]) -> list[dict[str, Any]]:
    """Give where each strip lies on the sheet, and where its samples lie among those that are held."""
    begins = np.cumsum([0, *(len(strip.samples) for strip in held)]).tolist()
    found = []
    for strip in strips:
        place, holder = next(pair for pair in enumerate(held) if _holds(pair[1], strip))
        found.append(
            {
                "x": strip.x,
                "y": strip.y,
                "step": strip.step,
                "ink": strip.ink,
                "lead": strip.lead,
                "layer": strip.layer,
                "sign": strip.sign * holder.sign,
                "first": begins[place] + strip.first - holder.first,
                "count": len(strip.samples),
            }
        )
    return found


def _holds(holder: Strip, strip: Strip) -> bool:
    same = (holder.lead, holder.layer, holder.ink) == (strip.lead, strip.layer, strip.ink)
    last, held_last = strip.first + len(strip.samples), holder.first + len(holder.samples)
    return same and holder.first <= strip.first and last <= held_last


def _wire(sheet: PaperSheet) -> dict[str, Any]:
    """Give a sheet as JSON, without its traces."""
    return {
        "width": sheet.width,
        "height": sheet.height,
        "speed": sheet.speed,
        "gain": sheet.gain,
        "left": sheet.left,
        "begin": sheet.begin,
        "scale": sheet.scale,
        "note": NOTE,
        "labels": [
            {"x": at.x, "y": at.y, "text": at.text, "remark": at.remark, "seen": at.seen_remark, "share": at.share}
            for at in sheet.labels
        ],
        "boxes": [vars(box) for box in sheet.boxes],
        "marks": [vars(mark) for mark in sheet.marks],
        "beats": [(beat.x, beat.rr_ms, beat.rr_x) for beat in sheet.beats],
        "shades": [
            {
                "x": shade.x,
                "step": shade.step,
                "top": shade.top,
                "bottom": shade.bottom,
                "values": np.round(100 * shade.values).astype(int).tolist(),
            }
            for shade in sheet.shades
        ],
        "pulses": sheet.pulses,
        "breaks": sheet.breaks,
        "ticks": sheet.ticks,
    }


def _brushed(told: Any, looks: Looks) -> Span | None:
    """Give the stretch that the browser tells of, unless it belongs to another record or is none."""
    if not told or told.get("of") != looks.of:
        return None
    lead, start, end = told["lead"], float(told["start_s"]), float(told["end_s"])
    return Span(lead, start, end) if end - start >= _LEAST_S else None
