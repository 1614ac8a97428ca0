"""Inspect: files in; their quality, the paper ECG, what a model says of them and what it leaned on; results out."""

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.records import check_quality, open_questions
from pages.parts.batch import show_batch
from pages.parts.cache import predicted, sample_record
from pages.parts.findings import show_findings
from pages.parts.frame import enter_frame
from pages.parts.gates import show_gates
from pages.parts.interval_row import show_intervals
from pages.parts.keys import CHOSEN, UPLOAD
from pages.parts.model_choice import choose_model
from pages.parts.names import shown_name
from pages.parts.out import offer_json
from pages.parts.paper_ecg import show_paper
from pages.parts.quality_row import show_quality
from pages.parts.questions import settled
from pages.parts.upload import choose_sample, describe_sample, pick, show_refused, understood, uploaded

enter_frame()
st.title("Inspect")
drop, choice = st.columns([3, 2], gap="medium")
with drop:
    reading = uploaded(UPLOAD)
with choice:
    if reading is None:
        name = choose_sample()
        record, note = sample_record(name), describe_sample(name)
    else:
        record, note = pick(reading.records, CHOSEN), ""
    model = choose_model()

refused = reading.refused if reading else ()
if reading:
    show_refused(reading)
if record is None:
    st.info("None of these files gave an ECG. Remove them to return to the sample, or drop others.")
    st.stop()

st.subheader(shown_name(record.name), anchor=False)
record = settled(record, reading.records if reading else ())
st.markdown(understood(record))
if note:
    st.caption(note)
marks = st.container()
show_paper(record)
with marks:  # stands above the paper, and is worked out once that is on its way
    if "ASK-UNIT" in open_questions(record):
        st.caption("Its quality is judged once the unit is known.")
    else:
        show_quality(record, check_quality(record))
        show_intervals(record)

if model is None:
    st.subheader("Findings", anchor=False)
    st.info(
        "There is no model here yet, so nothing is predicted. Train one on the Train page and release it to "
        "`checkpoints/`, or put a released one there."
    )
    st.stop()
try:
    prediction = predicted(record, model.folder)
except EcgError as error:
    st.error(str(error))
    st.stop()
st.subheader("Findings", anchor=False)
show_findings(prediction)
show_gates(prediction, model.manifest.spec.window / model.manifest.spec.rate)
if reading and len(reading.records) > 1:
    show_batch(reading, model.folder)
else:
    offer_json([prediction], refused)
