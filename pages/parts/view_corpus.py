"""What the transformations do to amplitude, heart rate and spectrum over a hundred records of a pack."""

import numpy as np
import pandas as pd
import streamlit as st

from ecgssl_core.corpus.pack import find_packs
from ecgssl_core.errors import EcgError
from ecgssl_core.inference.effects import ViewEffects
from ecgssl_core.inference.effects_apart import EffectsApart
from ecgssl_core.plots.view_effects import effects_figure
from ecgssl_core.runs import data_root
from ecgssl_core.settings import Settings, settings_text
from pages.parts.names import plain_text
from pages.parts.no_pack import show_no_pack
from pages.parts.pending import awaited_steps, forget

RECORDS = 100
ASKED = "view effects"  # what was asked for last: pack, settings and the work on it
PERCENTILES = (10, 50, 90)


def show_corpus(settings: Settings) -> None:
    """Draw the choice of a pack, and what the first global view does to its records."""
    st.subheader(f"Over {RECORDS} records")
    packs = find_packs(data_root())
    if not packs:
        show_no_pack("look at")
        return
    st.caption("The first global view of each record, against the piece of the record that it was cut from.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pack = st.selectbox("Pack", packs, format_func=lambda one: plain_text(one.name), key="view pack", width=300)
        if st.button(f"Work it out over {RECORDS} records", icon=":material/query_stats:", key="view effects start"):
            _stop()
            work = EffectsApart(pack, settings, RECORDS)
            st.session_state[ASKED] = (pack.name, settings, work)
    if ASKED in st.session_state:
        _show(settings)


def _stop() -> None:
    if ASKED in st.session_state:
        name, asked, work = st.session_state.pop(ASKED)
        work.stop()
        forget(_key(name, asked))


def _key(pack: str, settings: Settings) -> tuple[str, ...]:
    return (ASKED, pack, settings_text(settings))


def _show(settings: Settings) -> None:
    name, asked, work = st.session_state[ASKED]
    key = _key(name, asked)
    try:
        found = awaited_steps(key, f"Making views of {RECORDS} records of {plain_text(name)}", work.work, work.stop)
    except EcgError as error:
        st.session_state.pop(ASKED)
        st.error(str(error))
        return
    if found is None:
        return
    if asked != settings:
        st.caption(":material/history: These are the figures of earlier settings; work them out again for those above.")
    figure = effects_figure(found.amplitude, found.rate, found.spectrum, found.hertz)
    alt = f"Amplitude, heart rate and spectrum of {len(found.amplitude)} records before and after"
    st.plotly_chart(figure, key="view effects figure", width="stretch", alt=alt)
    table = _table(found)
    st.dataframe(table, hide_index=True, key="view effects table", alt="Percentiles of amplitude and rate")
    st.caption("Median over records, in brackets the 10th and 90th percentile; the change is of each record.")
    st.download_button(
        "Figures (CSV)", lambda: _records(found), f"{plain_text(name)}-view-effects.csv", "text/csv",
        on_click="ignore", icon=":material/download:",
    )  # fmt: skip


def _table(found: ViewEffects) -> pd.DataFrame:
    """Give percentiles over records, before, after and of the change of each record."""
    rows = []
    for name, values, form in (("amplitude (mV)", found.amplitude, ".2f"), ("heart rate (/min)", found.rate, ".0f")):
        known = values[np.isfinite(values).all(axis=1)]
        columns = {"before": known[:, 0], "after": known[:, 1], "change": known[:, 1] - known[:, 0]}
        rows.append({"": name, "records": len(known), **{key: _spread(one, form) for key, one in columns.items()}})
    return pd.DataFrame(rows)


def _spread(values: np.ndarray, form: str) -> str:
    if not len(values):
        return "–"
    low, middle, high = np.percentile(values, PERCENTILES)
    return f"{middle:{form}} ({low:{form}} to {high:{form}})"


def _records(found: ViewEffects) -> bytes:
    columns = {
        f"{name}_{when}": getattr(found, part)[:, at]
        for name, part in (("amplitude_mv", "amplitude"), ("rate_per_min", "rate"))
        for at, when in enumerate(("before", "after"))
    }
    spectra = {
        f"db_{when}_{hertz:.1f}_hz": found.spectrum[:, at, place]
        for at, when in enumerate(("before", "after"))
        for place, hertz in enumerate(found.hertz)
    }
    return pd.DataFrame({**columns, **spectra}).to_csv(index=False, float_format="%.5g").encode()
