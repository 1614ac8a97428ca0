"""Inspect: files in; their quality, the paper ECG, what a model says of them and what it leaned on; results out."""

import streamlit as st

from ecgssl_core.records import is_scaled
from pages.parts.answer import show_answer
from pages.parts.cache import looked
from pages.parts.interval_row import show_intervals
from pages.parts.keys import CHOSEN, UPLOAD
from pages.parts.model_choice import choose_model
from pages.parts.names import shown_name
from pages.parts.pending import leave
from pages.parts.quality_row import allow_anyway, show_quality
from pages.parts.questions import as_likely, settled
from pages.parts.sheet import show_sheet
from pages.parts.upload import choose_sample, describe_sample, pick, sample_of, show_refused, understood, uploaded

st.title("Inspect")
drop, choice = st.columns([3, 2], gap="medium")
with drop:
    reading = uploaded(UPLOAD)
with choice:
    if reading is None:
        name = choose_sample()
        record, note = sample_of(name), describe_sample(name)
    else:
        record, note = pick(reading.records, CHOSEN), ""
    card = choose_model()

if reading:
    show_refused(reading)
if record is None:
    st.info("None of these files gave an ECG. Remove them to return to the sample, or drop others.")
    leave()

st.subheader(shown_name(record.name), anchor=False)
line = st.empty()
record = settled(record, reading.records if reading else ())
line.markdown(understood(record))
if note:
    st.caption(note)
marks, scaled = st.container(), is_scaled(record)
show_sheet(as_likely(record), card)
with marks:  # stands above the paper, and is worked out once that is on its way
    found = looked(record) if scaled else None
    if found is not None:
        show_quality(record, found[0])
    elif not scaled:
        st.caption(
            "Drawn in its likeliest unit; its quality is judged, and its intervals are measured, once its unit and its "
            "rate are known."
        )
if found is not None:
    show_intervals(found[1])
anyway = found is not None and card is not None and allow_anyway(record, found[0])
show_answer(record, card, reading, anyway=anyway)
