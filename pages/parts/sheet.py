"""The paper of Inspect: the record, what the model sees of it, its beats, what was leaned on, and a brush."""

import numpy as np
import streamlit as st

from ecgssl_core.inference.card import BundleCard
from ecgssl_core.records import Intervals, Record
from pages.parts.cache import looked_already, seen
from pages.parts.keys import BRUSHED
from pages.parts.out import remember_paper
from pages.parts.paper_ecg import show_paper
from pages.parts.why_attribution import painted

_TAKEN = "brush taken"
_QRS, _PEAK = 1, 1


@st.fragment
def show_sheet(record: Record, card: BundleCard | None) -> None:
    """Show a record on paper, with all that is known of it by now; a stretch that is brushed on it goes to Why."""
    paper, below, found = st.container(), st.container(), looked_already(record)
    with below:
        layer = None if card is None else seen(record, card)
    shaded = None if card is None else painted(record, card)
    with paper:
        span = show_paper(
            record,
            layer,
            () if found is None else beats_of(found[1], record.rate),
            shaded,
            "" if card is None or shaded is None else _name(card, shaded.code),
        )
    remember_paper()
    brush = None if span is None else (record.digest, span)
    if brush != st.session_state.get(_TAKEN):
        st.session_state[_TAKEN] = brush
        if span is not None:
            st.session_state[BRUSHED] = span
            st.rerun()  # Why stands outside of this fragment


def _name(card: BundleCard, code: str) -> str:
    labels = card.manifest.labels
    return dict(zip(labels.codes, labels.names, strict=True)).get(code, code)


def beats_of(found: Intervals, rate: float) -> tuple[float, ...]:
    """Give the second of each beat: the median of its R peaks over the leads that show one."""
    peaks = found.beats[:, :, _QRS, _PEAK] if found.beats.size else np.zeros((0, 0), int)
    return tuple(float(np.median(row[row >= 0])) / rate for row in peaks if (row >= 0).any())
