"""A record as paper ECG, with the controls that stand above it; what they say is kept in the address."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from ecgssl_core.plots.paper_ecg import GAINS, LAYOUTS, SECONDS, SPEEDS, Drawn, paper_ecg
from ecgssl_core.plots.paper_sheet import PaperSheet, Scale
from ecgssl_core.records import Record
from pages.parts.paper_sheet import mount_sheet

Option = TypeVar("Option", str, int)
GRIDS = ("pink", "grey")
STEP_S = 1.0
HELP = (
    "Columns follow one another in time, as on paper that ran through the machine once. Each lead stands on its own "
    "median; nothing else is done to it. The size on the screen is not that of paper: go by the grid."
)


@st.fragment
def show_paper(record: Record) -> None:
    """Show a record on paper, ten seconds at a time, under its controls."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        layout = _choice("Layout", tuple(LAYOUTS), "layout", help=HELP)
        speed = _choice("Speed, mm/s", SPEEDS, "speed")
        gain = _choice("Gain, mm/mV", GAINS, "gain", first=10)
        grid = _choice("Grid", GRIDS, "grid")
    begin = _begin(record.seconds)
    drawn = Drawn(record.signal, record.rate, record.leads, record.derived)
    sheet = paper_ecg([drawn], layout, Scale(speed, gain), begin)
    mount_sheet(sheet, describe(record, sheet, layout, begin), key="paper_ecg", grey=grid == "grey")
    if sheet.overflow:
        st.caption(f"{', '.join(sheet.overflow)} leave their row: a smaller gain shows them whole.")


def describe(record: Record, sheet: PaperSheet, layout: str, begin: float) -> str:
    """Give in words what a sheet shows, for those who cannot see it."""
    end = min(begin + SECONDS, record.seconds)
    return (
        f"Electrocardiogram on paper: {len(record.leads)} leads, {begin:g} to {end:.1f} s, layout {LAYOUTS[layout]}, "
        f"{sheet.scale}, with a calibration pulse of 1 mV."
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
    return st.slider("From second", 0.0, last, 0.0, STEP_S, key="from", bind="query-params", format="%.0f s")
