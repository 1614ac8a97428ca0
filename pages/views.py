"""Views: a record beside the views that training makes of it, under a switch and sliders for every transformation."""

from importlib import import_module

import streamlit as st

from ecgssl_core.errors import SettingsError
from pages.parts import view_state
from pages.parts.names import shown_name
from pages.parts.pending import awaited, leave
from pages.parts.samples import SAMPLES
from pages.parts.upload import choose_record, understood
from pages.parts.view_begin import choose_beginning
from pages.parts.view_corpus import show_corpus
from pages.parts.view_form import view_form

st.title("Views")
st.caption(
    "What pretraining compares, made by the very function that trains. In self-distillation a teacher network is shown "
    "the long (global) views and a student all of them; contrastive methods tell the global views of one record from "
    "those of others."
)

side, main = st.columns([3, 5], gap="medium")
with side:
    record = choose_record("views", next(iter(SAMPLES)))
    strip = st.container()
    modality = choose_beginning()
    view_form(modality)
if record is None:
    leave()

with main:
    st.markdown(f"**{shown_name(record.name)}** · {understood(record)}")
    try:
        settings = view_state.settings()
    except SettingsError as error:
        st.error(str(error))
        leave()
    view_state.tell_address()
    # torch comes with it, and no page before this one needs it
    maker = awaited("view maker", "Loading what makes the views", lambda: import_module("pages.parts.view_draw"))
    if maker is not None:
        maker.show_record(record, settings, strip)
show_corpus(settings)
