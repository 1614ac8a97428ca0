"""Two records on one sheet of paper, the second over the first."""

import streamlit as st

from ecgssl_core.plots.paper_ecg import GAINS, Drawn, paper_beat, paper_ecg
from ecgssl_core.plots.paper_sheet import PaperSheet, Scale
from ecgssl_core.records import Record
from ecgssl_core.records.beats import strongest_beat
from pages.parts.names import shown_name
from pages.parts.paper_sheet import mount_sheet

ALIGNED = ("beat", "start")
BEFORE_S = 0.4  # of the beat, in a cell of one second
HELP = (
    "**beat**: in each record the beat that stands out most, found by its slopes over all leads; both lie on the same "
    "place. An artefact may be taken for it: look first.  \n**start**: both from their first sample, ten seconds."
)


@st.fragment
def show_overlay(first: Record, second: Record) -> None:
    """Show two records over each other, on one beat of each or from their starts."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        aligned = st.segmented_control(
            "Align on", ALIGNED, default="beat", required=True, key="align", bind="query-params", help=HELP
        )
        gain = st.segmented_control(
            "Gain, mm/mV", GAINS, default=10, required=True, key="overlay_gain", bind="query-params"
        )
    moments = [strongest_beat(record) for record in (first, second)]
    if aligned == "beat" and None in moments:
        st.info("No beat stands out in one of the records, so both are drawn from their starts.")
        aligned = "start"
    sheet = _sheet((first, second), moments if aligned == "beat" else None, gain)
    mount_sheet(sheet, _describe(sheet, aligned), key="overlay")
    st.caption(
        f"Black: **{shown_name(first.name)}** · blue, thinner: **{shown_name(second.name)}**"
        + (f" · beats at {moments[0]:.2f} s and {moments[1]:.2f} s" if aligned == "beat" else "")
    )


def _sheet(records: tuple[Record, Record], moments: list[float | None] | None, gain: int) -> PaperSheet:
    if moments is None:
        return paper_ecg([_drawn(record) for record in records], "12x1", Scale(25, gain))
    shifts = [BEFORE_S - (moment or 0.0) for moment in moments]
    drawn = [_drawn(record, shift) for record, shift in zip(records, shifts, strict=True)]
    return paper_beat(drawn, scale=Scale(50, gain))


def _drawn(record: Record, shift: float = 0.0) -> Drawn:
    return Drawn(record.signal, record.rate, record.leads, record.derived, shift)


def _describe(sheet: PaperSheet, aligned: str) -> str:
    what = "one beat of each lead" if aligned == "beat" else "the first ten seconds"
    return f"Two electrocardiograms over each other on paper: {what}, {sheet.scale}."
