"""Compare: two records over each other, and what a model says of each."""

import streamlit as st

from ecgssl_core.errors import EcgError
from pages.parts.cache import predicted_all
from pages.parts.differences import show_differences
from pages.parts.frame import enter_frame
from pages.parts.model_choice import choose_model
from pages.parts.names import shown_name
from pages.parts.overlay import show_overlay
from pages.parts.samples import SAMPLES
from pages.parts.upload import choose_record, understood

enter_frame()
st.title("Compare")
samples = list(SAMPLES)
records = []
for column, place, sample in zip(st.columns(2, gap="large"), ("First", "Second"), samples, strict=False):
    with column:
        st.subheader(place, anchor=False)
        record = choose_record(place.lower(), sample)
        if record is not None:
            st.markdown(f"**{shown_name(record.name)}** · {understood(record)}")
        records.append(record)

first, second = records
if first is None or second is None:
    st.info("Two records are needed: remove the files that gave none to return to the sample, or drop others.")
    st.stop()

st.subheader("Over each other", anchor=False)
show_overlay(first, second)

st.subheader("What the model says", anchor=False)
model = choose_model()
if model is None:
    st.info("There is no model here yet, so nothing is predicted. The Models page says how to get one.")
    st.stop()
try:
    show_differences(*predicted_all([first, second], model.folder))
except EcgError as error:
    st.error(str(error))
