"""Many records at once: a row for each, a click to each, and what a person takes away of all of them."""

from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.inference.card import read_card
from ecgssl_core.printed import findings_csv, intervals_csv
from ecgssl_core.records import Reading, Record
from pages.parts.batch_sheets import offer_sheets
from pages.parts.batch_table import SAID, Answered, batch_rows, count_kinds, places_of
from pages.parts.batch_work import answers_of
from pages.parts.keys import CHOSEN
from pages.parts.names import shown_name
from pages.parts.out import ICON, as_json
from pages.parts.questions import told
from pages.parts.terms import help_on

_TABLE = "batch table"


def show_batch(reading: Reading, model: Path) -> None:
    """Show what the model says of every record of an upload, to be sorted, filtered, opened and downloaded."""
    st.subheader(f"All {len(reading.records) + len(reading.refused)} files", anchor=False, help=help_on("Abstain"))
    records = [_as_told(record) for record in reading.records]
    try:
        answers = answers_of(records, model)
    except EcgError as error:
        st.error(shown_name(str(error), 300), icon=":material/error:")
        return
    if answers is None:
        return
    rows = batch_rows(records, answers, reading.refused)
    counts = count_kinds(rows)
    kind = st.segmented_control(
        "Show",
        list(counts),
        default=next(iter(counts)),
        format_func=lambda name: f"{name} ({counts[name]})",
        key="batch filter",
        required=True,
        label_visibility="collapsed",
    )
    places = places_of(rows, kind)
    _table([rows[place] for place in places], places, len(records))
    st.caption("Click the square before a row to open that record above. Click the head of a column to sort by it.")
    _downloads(rows, records, answers, reading, model)


def _as_told(record: Record) -> Record:
    try:
        return told(record)
    except EcgError:  # the answers do not fit; the record itself says so when it is opened
        return record


def _table(rows: list[dict[str, object]], places: list[int], known: int) -> None:
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,
        key=_TABLE,
        on_select=partial(open_row, tuple(places), known),
        selection_mode="single-row",
        column_config={
            "record": st.column_config.TextColumn("record", pinned=True),
            SAID: st.column_config.TextColumn(SAID, width=480),
            "quality": st.column_config.TextColumn("quality", width=180),
            "heart rate, /min": st.column_config.NumberColumn("heart rate, /min", format="%d"),
        },
        column_order=[name for name in rows[0] if name not in ("findings", "why nothing is said")] if rows else None,
        placeholder="–",
        alt="A row for each file: its findings, or why the model says nothing, its quality, heart rate and form.",
    )


def open_row(places: tuple[int, ...], known: int) -> None:
    """Choose the record of the row that was clicked; a refused file has none."""
    chosen = st.session_state[_TABLE].selection.rows
    if chosen and chosen[0] < len(places) and places[chosen[0]] < known:
        st.session_state[CHOSEN] = places[chosen[0]]


def _downloads(
    rows: list[dict[str, object]], records: list[Record], answers: dict[int, Answered], reading: Reading, model: Path
) -> None:
    found = [answers[place] for place in sorted(answers)]
    said = [one.prediction for one in found]
    measured = [(records[place].name, answers[place].intervals) for place in sorted(answers)]
    offers = [("Table CSV", "records.csv", "text/csv", lambda: pd.DataFrame(rows).to_csv(index=False))]
    if said:
        offers += [
            ("JSON", "findings.json", "application/json", lambda: as_json(said, reading.refused)),
            ("Findings CSV", "findings.csv", "text/csv", lambda: findings_csv(said, reading.refused)),
            ("Intervals CSV", "intervals.csv", "text/csv", lambda: intervals_csv(measured)),
        ]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, name, kind, data in offers:
            st.download_button(label, data, name, kind, key=f"batch {label}", on_click="ignore", icon=ICON)
        offer_sheets([(records[place], answers[place].prediction) for place in sorted(answers)], read_card(model))
