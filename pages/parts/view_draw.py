"""The views of a record as they stand: figure or contact sheet, measurements, downloads, and the way to Train."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ecgssl_core.plots.views import strip_figure
from ecgssl_core.records import Record
from ecgssl_core.settings import Settings, settings_text
from ecgssl_core.signals.drawn import Drawn, Numbers, draw_views, ready
from ecgssl_core.signals.spec import InputSpec
from pages.parts.form_start import preset_of
from pages.parts.keys import DRAWS, SEED, TRAIN_WITH
from pages.parts.pending import awaited
from pages.parts.terms import help_on
from pages.parts.view_guard import guard, show_guard
from pages.parts.view_model import ask_model
from pages.parts.view_panels import ALL_LEADS, figure_of, sheet_of, view_names, views_of

LARGEST_SEED = 2**31 - 1
FIRST_SEED = 107  # a draw that silences the lead that is shown first in few of the views: most silence it in half
COUNTS = (1, 4, 8, 12)
USUAL_LEAD = "II"


def show_record(record: Record, settings: Settings, strip: DeltaGenerator) -> None:
    """Draw the views of a record, or say why there are none; the record itself goes into the strip."""
    usual = usual_spec(settings)
    key = ("view signal", record.digest, usual.rate, usual.highpass_hz)
    try:
        made = awaited(key, "Preparing the record", lambda: ready(record.signal, record.rate, record.leads, usual))
    except ValueError:
        st.error("None of the twelve standard leads is in this record. Give one that has some of them.")
        return
    if made is None:
        return
    signal, there = made
    missing = [lead for lead in usual.leads if lead not in there.leads]
    if missing:
        more = "it trains with those it has" if usual.fewer_leads else "training would not take it"
        st.info(f"The record has no {', '.join(missing)}: the views are shown without, and {more}.")
    try:
        show_views(record, signal, replace(usual, leads=there.leads), settings, strip)
    except ValueError as error:
        st.error(f"These views cannot be made of this record: {error}. Switch that off, or give a whole record.")


def show_views(record: Record, signal: Numbers, spec: InputSpec, settings: Settings, strip: DeltaGenerator) -> None:
    """Draw what hangs on the settings: controls of the drawing, the figure, and what became of the measurements.

    Args:
        record: as it was read.
        signal: (leads, samples), as `ready` gives it.
        spec: what a network reads.
        settings: as they stand.
        strip: where the record itself is drawn.
    """
    modality = settings.modality
    lead, chosen, count, seed = _controls(spec, settings)
    draws = [(at, draw_views(signal, spec, settings.views, modality, at)) for at in range(seed, seed + count)]
    first = draws[0][1]
    whole, taken = signal.shape[1] / spec.rate, first.source.shape[-1] / spec.rate
    span = (first.begins_s, min(first.begins_s + taken, whole))
    alt = f"The whole record, {whole:.1f} s, and the {taken:.1f} s that views are made of"
    bare = {"displayModeBar": False}
    strip.plotly_chart(strip_figure(signal[lead or 0], whole, span), key="strip", width="stretch", alt=alt, config=bare)
    strip.caption(f"Views are made of {span[0]:.2f} to {span[1]:.2f} s; their own time begins there.")
    if count > 1:
        figure = sheet_of(draws, lead or 0, chosen, spec)
        st.plotly_chart(figure, key="sheet", width="stretch", alt=f"{chosen} of {count} draws, beside the record")
        st.caption(f"In each cell {chosen} where it lies in the {taken:.1f} s, lead {spec.leads[lead or 0]}.")
        _keep_one(seed, count)
    else:
        figure = figure_of(first, lead, chosen, spec)
        what = ALL_LEADS if lead is None else f"lead {spec.leads[lead]}"
        alt = f"Views of {what} below the record, on one time axis; hatched: cut out or masked"
        st.plotly_chart(figure, key="views", width="stretch", alt=alt)
    _out(first, spec, settings, seed)
    if count == 1 and modality == "time":
        show_guard(guard(first, spec))
        ask_model(record, first, chosen, spec)


def _controls(spec: InputSpec, settings: Settings) -> tuple[int | None, str, int, int]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        options = [ALL_LEADS, *spec.leads]
        usual = options.index(USUAL_LEAD) if USUAL_LEAD in options else 1
        lead = st.selectbox("Lead", options, usual, key="lead", bind="query-params", width=130)
        names = view_names(settings.views.globals, settings.views.locals)
        chosen = st.selectbox("Marked on the record", names, key="view", width=170, help=help_on("View"))
        count = st.segmented_control("Draws", COUNTS, default=1, required=True, key=DRAWS, bind="query-params")
        seed = st.number_input(
            "Seed", 0, LARGEST_SEED, FIRST_SEED, key=SEED, bind="query-params", width=150, help=help_on("Seed")
        )
        st.button(
            "Draw again", key="dice", icon=":material/casino:", on_click=_draw_again, args=(int(count),), shortcut="d"
        )
    return None if lead == ALL_LEADS else spec.leads.index(lead), str(chosen), int(count), int(seed)


def _draw_again(count: int) -> None:
    st.session_state[SEED] = (int(st.session_state[SEED]) + count) % LARGEST_SEED


def _keep_one(seed: int, count: int) -> None:
    st.pills(
        "Keep a draw: its address brings it back", range(seed, seed + count), key="keep", on_change=_keep,
        format_func=lambda one: f"seed {one}", wrap=True,
    )  # fmt: skip


def _keep() -> None:
    kept = st.session_state.pop("keep")
    if kept is not None:
        st.session_state[SEED], st.session_state[DRAWS] = int(kept), 1


def _out(drawn: Drawn, spec: InputSpec, settings: Settings, seed: int) -> None:
    with st.container(horizontal=True):
        text = settings_text(settings)
        pressed = st.button(
            "Train with these", key="train with", icon=":material/model_training:", type="primary",
            on_click=_hand_over, args=(text,),
        )  # fmt: skip
        if pressed:
            st.switch_page("pages/train.py")
        name = f"{settings.modality}-views"
        st.download_button(
            "Settings (TOML)", text, f"{name}.toml", "text/plain", on_click="ignore", icon=":material/download:"
        )
        st.download_button(
            f"Views of seed {seed} (CSV)", lambda: _table(drawn, spec), f"{name}-seed-{seed}.csv", "text/csv",
            on_click="ignore", icon=":material/download:",
        )  # fmt: skip
    st.caption(_training_said(settings))
    st.caption("The address of this page holds the seed and every changed setting: it brings back exactly this draw.")


def _training_said(settings: Settings) -> str:
    """Give what the button would train: Train begins with a preset of the modality that is looked at."""
    what = "time series" if settings.modality == "time" else "spectrogram"
    preset = preset_of(settings).preset
    other = "" if preset == settings.preset else f", and not of {settings.preset}, which is for the other modality"
    return (
        f"“Train with these” opens the form for pretraining an encoder of the {what}: the preset {preset}{other}, "
        "changed to what is set here. Nothing runs before it is started there."
    )


def _hand_over(text: str) -> None:
    st.session_state[TRAIN_WITH] = text


def _table(drawn: Drawn, spec: InputSpec) -> bytes:
    """Give the views as CSV: a row for each view, place and, of spectrograms, bin; a column for each lead."""
    tables = []
    for name, (group, at) in views_of(drawn).items():
        values = group.values[at]  # (leads, places) or (leads, bins, places)
        index = np.indices(values.shape[1:]).reshape(values.ndim - 1, -1)
        columns = dict(zip(["bin", "place"][-len(index) :], index, strict=True))
        leads = dict(zip(spec.leads, values.reshape(len(values), -1), strict=True))
        start, count = group.crops[at].tolist()
        tables.append(pd.DataFrame({"view": name, "crop_start": start, "crop_places": count, **columns, **leads}))
    return pd.concat(tables).to_csv(index=False, float_format="%.5g").encode()


def usual_spec(settings: Settings) -> InputSpec:
    """Give what a network trained with these settings reads."""
    part = settings.input
    return InputSpec(
        rate=part.rate,
        window=part.window,
        stride=part.stride,
        fewer_leads=part.fewer_leads,
        highpass_hz=part.highpass_hz,
        stft_window=part.stft_window,
        stft_overlap=part.stft_overlap,
        log_spectrogram=part.log_spectrogram,
    )
