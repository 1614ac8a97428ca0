"""A record as paper ECG, with the controls that stand above it; what they say is kept in the address."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import streamlit as st

from ecgssl_core.inference.explained import Attribution, Seen, Span
from ecgssl_core.plots.paper_ecg import GAINS, LAYOUTS, SECONDS, SPEEDS, Drawn, Extras, paper_ecg
from ecgssl_core.plots.paper_inks import PAPERS
from ecgssl_core.plots.paper_layouts import fits
from ecgssl_core.plots.paper_marks import Shading
from ecgssl_core.plots.paper_sheet import SEEN, PaperSheet, Scale
from ecgssl_core.plots.paper_words import COLUMNS, as_recorded, as_seen
from ecgssl_core.records import Record
from pages.parts.paper_sheet import Looks, mount_sheet
from pages.parts.pending import remembered
from pages.parts.terms import help_on

Option = TypeVar("Option", str, int)
ORDERS = ("usual", "Cabrera")
STEP_S = 1.0
LAYOUT_HELP = (
    "**3x4**: four columns of 2.5 s, below them lead II; **3x4+3**: below them II, V1 and V5; **6x2**: two columns of "
    f"5 s; **12x1**: each lead for 10 s. {COLUMNS}"
)
_NAMES = ("as recorded", "AS THE MODEL SEES IT")
LEGEND = (
    "Behind the traces: plain orange spoke for {name}, striped blue against it; the figure beside a lead is its part "
    "in all that spoke. What the network used is not what a disease looks like."
)


def show_paper(
    record: Record,
    seen: Seen | None = None,
    beats_s: Sequence[float] = (),
    attribution: Attribution | None = None,
    of: str = "",
) -> Span | None:
    """Show a record on paper, ten seconds at a time, under its controls.

    Args:
        record: what is drawn.
        seen: what a model reads of it; a key flips between the two, and stretches can be brushed.
        beats_s: seconds of the beats.
        attribution: what spoke for a class; shaded behind the traces.
        of: the name of that class; its code if none is given.

    Returns:
        The stretch that was brushed, if any.
    """
    layout, scale, paper, cabrera = _controls()
    begin = _begin(record.seconds)
    layers = _layers(record, seen)
    words = [as_recorded(record.rate)] + ([as_seen(seen.what, seen.rate)] if seen else [])
    shading = _shading(attribution)
    extras = Extras(cabrera, beats_s, shading, tuple(words))

    def drawn(what: str, **how: Any) -> PaperSheet:
        """Draw a sheet once a session: a page is drawn many times."""
        if attribution is not None:
            return paper_ecg(layers, begin=begin, **how)
        of_seen = None if seen is None else (seen.what, seen.leads)
        key = ("sheet", record.digest, record.derived, of_seen, tuple(beats_s), begin, what, layout, scale, cabrera)
        return remembered(key, lambda: paper_ecg(layers, begin=begin, **how))

    sheet = drawn("shown", layout=layout, scale=scale, extras=extras)
    guessed = " · UNIT GUESSED" if "guessed" in record.units.values() else ""
    looks = Looks(
        describe(record, sheet, layout),
        paper,
        tuple(f"{name}, {layer.rate:g}/s{guessed}" for name, layer in zip(_NAMES, layers, strict=False)),
        record.digest[:16],
        seen is not None,
        LEGEND.format(name=of or attribution.code) if attribution and shading else "",
    )
    span = mount_sheet(sheet, looks, "paper_ecg", whole=drawn("whole", layout="12x1"))
    _remarks(record, sheet, layout)
    return span


def describe(record: Record, sheet: PaperSheet, layout: str) -> str:
    """Give in words what a sheet shows, for those who cannot see it."""
    end = min(sheet.begin + SECONDS, record.seconds)
    beats = f" {len(sheet.beats)} beats are marked." if sheet.beats else ""
    return (
        f"Electrocardiogram on paper: {len(record.leads)} leads, {sheet.begin:g} to {end:.1f} s, "
        f"layout {LAYOUTS[layout]}, {sheet.scale}, with a calibration pulse of 1 mV.{beats}"
    )


def _controls() -> tuple[str, Scale, str, bool]:
    """Show the controls; give layout, scale, paper, and whether the order is that of Cabrera."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        layout = _choice("Layout", tuple(LAYOUTS), "layout", help=LAYOUT_HELP)
        order = _choice("Limb leads", ORDERS, "order", help=help_on("Cabrera order"))
        speed = _choice("Speed, mm/s", SPEEDS, "speed")
        gain = _choice("Gain, mm/mV", GAINS, "gain", first=10)
        paper = _choice("Paper", tuple(PAPERS), "grid")
    return layout, Scale(speed, gain), paper, order == "Cabrera"


def _layers(record: Record, seen: Seen | None) -> list[Drawn]:
    drawn = [Drawn(record.signal, record.rate, record.leads, record.derived)]
    if seen is not None:
        drawn.append(Drawn(seen.signal, seen.rate, seen.leads, layer=SEEN))
    return drawn


def _shading(attribution: Attribution | None) -> Shading | None:
    if attribution is None or attribution.signal is None:
        return None
    return Shading(np.asarray(attribution.signal), attribution.rate, attribution.leads)


def _remarks(record: Record, sheet: PaperSheet, layout: str) -> None:
    if sheet.overflow:
        st.caption(f"{', '.join(sheet.overflow)} leave their row: a smaller gain shows them whole.")
    if not fits(layout, record.leads):
        st.caption(
            f"These leads do not fill the layout {LAYOUTS[layout]}, or it has no place for them: a row for each."
        )


def _choice(label: str, options: Sequence[Option], key: str, first: Option | None = None, **more: str) -> Option:
    # options stand in the address as they are shown
    return st.segmented_control(
        label,
        options,
        default=first or options[0],
        required=True,
        key=key,
        bind="query-params",
        persist_state="session",
        **more,
    )


def _begin(seconds: float) -> float:
    """Give the first second on the sheet, asked for where a record is longer than a sheet."""
    if seconds <= SECONDS:
        return 0.0
    last = max(seconds - SECONDS, STEP_S)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.button("Earlier", icon=":material/chevron_left:", key="earlier", on_click=_turn, args=(-SECONDS, last))
        at = st.slider("From second", 0.0, last, step=STEP_S, key="from", bind="query-params", format="%.0f s")
        st.button("Later", icon=":material/chevron_right:", key="later", on_click=_turn, args=(SECONDS, last))
    return at


def _turn(by: float, last: float) -> None:
    """Turn the page by some seconds."""
    st.session_state["from"] = min(max(st.session_state["from"] + by, 0.0), last)
