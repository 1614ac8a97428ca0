"""Two records on one sheet of paper, the second over the first."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from ecgssl_core.plots.paper_ecg import GAINS, Drawn, Extras, paper_beat, paper_ecg
from ecgssl_core.plots.paper_inks import PAPERS
from ecgssl_core.plots.paper_sheet import PaperSheet, Scale
from ecgssl_core.records import Record
from ecgssl_core.records.beats import strongest_beat
from ecgssl_core.records.median_beat import MedianBeat, median_beat
from pages.parts.cache import identity
from pages.parts.names import shown_name
from pages.parts.paper_sheet import Looks, mount_sheet
from pages.parts.pending import awaited
from pages.parts.terms import help_on

ALIGNED = ("median", "strongest", "start")
BEFORE_S, CELL_S = 0.4, 1.1  # of the beat before its R peak, and in all
HELP = (
    "**strongest**: in each record the one beat that stands out most; an artefact may be taken for it.  \n"
    "**start**: both from their first sample, ten seconds.  \n**median**: "
)
MEDIAN = "R is where all leads together point highest upward; each lead stands about its own median of what is shown."


@dataclass(frozen=True, eq=False)
class _Beats:
    """The usual beat of a record, and the second at which its strongest lies; None where there is none."""

    usual: MedianBeat | None
    strongest_s: float | None


@st.fragment
def show_overlay(first: Record, second: Record) -> None:
    """Show two records over each other: on their usual beats, on one beat of each, or from their starts."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        aligned = st.segmented_control(
            "Align on",
            ALIGNED,
            default="median",
            required=True,
            key="align",
            bind="query-params",
            help=f"{HELP}{help_on('Median beat')}",
        )
        gain = st.segmented_control(
            "Gain, mm/mV", GAINS, default=10, required=True, key="overlay_gain", bind="query-params"
        )
        paper = st.segmented_control(
            "Paper", tuple(PAPERS), default="pink", required=True, key="overlay_grid", bind="query-params"
        )
    key = ("beats", identity(first), identity(second))
    beats = awaited(key, "Laying beat on beat", lambda: (_beats(first), _beats(second)))
    if beats is None:
        return
    drawn, words, aligned = _drawn((first, second), beats, aligned)
    sheet = _sheet(drawn, aligned, gain)
    looks = Looks(
        f"Two electrocardiograms over each other on paper: {words}, {sheet.scale}.",
        paper,
        ("black: first, blue: second",),
        f"{first.digest[:12]} {second.digest[:12]}",
    )
    mount_sheet(sheet, looks, "overlay")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"Black: **{shown_name(first.name)}** · blue, thinner: **{shown_name(second.name)}** · {words}",
            width="stretch",
        )
        _offer(sheet)


def _beats(record: Record) -> _Beats:
    return _Beats(median_beat(record), strongest_beat(record))


def _drawn(records: tuple[Record, Record], beats: tuple[_Beats, _Beats], aligned: str) -> tuple[list[Drawn], str, str]:
    """Give what is drawn, in words what it is, and on what it is aligned after all."""
    if aligned == "median":
        usual = [one.usual for one in beats]
        if usual[0] is not None and usual[1] is not None:
            pairs = list(zip(records, (usual[0], usual[1]), strict=True))
            shifted = [
                Drawn(beat.signal, beat.rate, record.leads, record.derived, BEFORE_S - beat.r_s)
                for record, beat in pairs
            ]
            counts = " and ".join(f"{beat.used} of {beat.looked_at}" for _, beat in pairs)
            return shifted, f"median of {counts} whole beats, R over R", aligned
        st.info("One of the records has fewer than three beats of one shape, so its strongest beat is drawn.")
        aligned = "strongest"
    moments = [one.strongest_s for one in beats]
    if aligned == "strongest" and moments[0] is not None and moments[1] is not None:
        shifts = [BEFORE_S - moment for moment in (moments[0], moments[1])]
        words = f"beats at {moments[0]:.2f} s and {moments[1]:.2f} s"
        return [_whole(record, shift) for record, shift in zip(records, shifts, strict=True)], words, aligned
    if aligned == "strongest":
        st.info("No beat stands out in one of the records, so both are drawn from their starts.")
    return [_whole(record) for record in records], "both from their first sample", "start"


def _whole(record: Record, shift: float = 0.0) -> Drawn:
    return Drawn(record.signal, record.rate, record.leads, record.derived, shift)


def _sheet(drawn: list[Drawn], aligned: str, gain: int) -> PaperSheet:
    rates = " and ".join(dict.fromkeys(f"{one.rate:g}" for one in drawn))
    extras = Extras(statements=(f"As recorded, {rates} samples/s, no filter here. {MEDIAN}",))
    if aligned == "start":
        return paper_ecg(drawn, "12x1", Scale(25, gain), extras=extras)
    return paper_beat(drawn, CELL_S, Scale(50, gain), extras)


def _offer(sheet: PaperSheet) -> None:
    st.download_button(
        "Samples",
        lambda: _samples_csv(sheet),
        "overlay.csv",
        "text/csv",
        key="take overlay",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help="What is drawn as CSV: record, lead, second from the left end of its cell, mV.",
    )


def _samples_csv(sheet: PaperSheet) -> str:
    lefts = {box.lead: box.x for box in sheet.boxes}
    tables = [
        pd.DataFrame(
            {
                "record": "second" if strip.ink else "first",
                "lead": strip.lead,
                "s": [
                    (strip.x - lefts[strip.lead] + at * strip.step) / sheet.speed for at in range(len(strip.samples))
                ],
                "mv": strip.samples,
            }
        )
        for strip in sheet.strips
    ]
    return pd.concat(tables).round(5).to_csv(index=False)
