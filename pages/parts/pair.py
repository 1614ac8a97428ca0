"""The two records of Compare: samples, uploads, or two records of one upload."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ecgssl_core.records import Reading, Record
from pages.parts.names import plain_text, shown_name
from pages.parts.questions import settled
from pages.parts.samples import SAMPLES
from pages.parts.upload import describe_sample, sample_of, show_refused, understood, uploaded

PLACES = ("first", "second")


def choose_pair() -> tuple[tuple[Record | None, Record | None], tuple[DeltaGenerator, DeltaGenerator]]:
    """Show the choice of two records side by side.

    Where the first upload holds several records and there is no second one, the second record comes from the first.

    Returns:
        The records, None for an upload that holds none; and below each a place for what is found out of it.
    """
    columns = st.columns(2, gap="large")
    with columns[0]:
        st.subheader("First", anchor=False)
        reading = uploaded("first upload")
        first = _sample("first", 0) if reading is None else _of_upload("first", reading, 0)
    with columns[1]:
        st.subheader("Second", anchor=False)
        other = uploaded("second upload")
        if other is not None:
            second = _of_upload("second", other, 0)
        elif reading is not None and len(reading.records) > 1:
            st.caption("From the files of the first; drop others to compare with them.")
            second = _pick("second", reading.records, 1)
        else:
            second = _sample("second", 1)
    return (first, second), (columns[0].container(), columns[1].container())


def describe(record: Record) -> None:
    """Say what a record is."""
    st.markdown(f"**{shown_name(record.name)}** · {understood(record)}")


def _sample(place: str, usual: int) -> Record:
    """Show the choice between the samples; the address names the one that is chosen."""
    names = list(SAMPLES)
    linked = st.query_params.get(place)
    first = names.index(linked) if linked in names else usual
    name = st.selectbox("Sample", names, first, SAMPLES.__getitem__, key=f"{place} sample")
    if linked is not None or name != names[usual]:
        st.query_params[place] = name
    record = sample_of(name)
    describe(record)
    st.caption(describe_sample(name))
    return record


def _of_upload(place: str, reading: Reading, usual: int) -> Record | None:
    st.query_params.pop(place, None)  # the link would name a sample that is not shown
    show_refused(reading)
    return _pick(place, reading.records, usual)


def _pick(place: str, records: Sequence[Record], usual: int) -> Record | None:
    if not records:
        return None
    chosen = 0
    if len(records) > 1:
        names = [plain_text(record.name) for record in records]
        chosen = st.selectbox(
            "Record", range(len(records)), usual, names.__getitem__, key=f"{place} record of {len(records)}"
        )
    describe(records[chosen])
    return settled(records[chosen], records)
