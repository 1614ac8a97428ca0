"""Views: a record beside the global and local views that training makes of it, under sliders and a seed."""

import streamlit as st

from ecgssl_core.settings import load_preset, settings_text
from ecgssl_core.signals.leads import LEADS
from ecgssl_core.signals.spec import InputSpec, arrange
from pages.parts.frame import enter_frame
from pages.parts.names import shown_name
from pages.parts.samples import SAMPLES
from pages.parts.upload import choose_record, understood
from pages.parts.view_form import view_form

enter_frame()
st.title("Views")
st.caption("What pretraining compares: the very function that trains makes these views. Teacher: global; student: all.")

side, main = st.columns([1, 2], gap="large")
with side:
    modality = st.segmented_control(
        "Modality", ["time", "spectrogram"], default="time", required=True, key="modality", bind="query-params"
    )
    record = choose_record("views", next(iter(SAMPLES)))
    lead = st.selectbox("Lead", LEADS, LEADS.index("II"), key="lead", bind="query-params")
    seed = st.number_input("Seed", 0, 2**31 - 1, 0, key="seed", bind="query-params", help="Same seed, same views.")
    preset = load_preset(f"quick-{modality}")
    st.markdown("**Transformations**")
    settings = view_form(preset, modality)
if record is None:
    st.stop()

# torch comes with these, and no page before this one needs it
from ecgssl_core.signals.drawn import draw_views  # noqa: E402
from pages.parts.view_panels import lead_figure  # noqa: E402

with main:
    st.markdown(f"**{shown_name(record.name)}** · {understood(record)}")
    spec = InputSpec(log_spectrogram=preset.input.log_spectrogram)
    try:
        signal = arrange(record.signal, record.rate, record.leads, spec)
    except ValueError as error:
        st.error(f"These views need twelve leads: {error}. Give a record that has them.")
        st.stop()
    if max(settings.time.global_samples, settings.time.local_samples) > settings.time.source:
        st.error("A view cannot be longer than the stretch it is cut from: lengthen the stretch or shorten the views.")
        st.stop()
    drawn = draw_views(signal, spec, settings, modality, int(seed))
    figure = lead_figure(drawn, LEADS.index(lead), spec)
    st.plotly_chart(figure, key="views", width="stretch", alt="Record and its views")
    st.caption("Bars under the record: blue global, green local views; orange: what Time Cutout removed.")
    chosen = preset.model_copy(update={"views": settings})
    st.download_button("Settings for training (TOML)", settings_text(chosen), f"{modality}-views.toml", "text/plain")
