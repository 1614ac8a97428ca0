"""What the released model and the delineation make of a view, beside the piece of the record it was cut from."""

from dataclasses import replace

import numpy as np
import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.inference.card import default_model
from ecgssl_core.records import Intervals, Record
from ecgssl_core.signals.drawn import Drawn, Numbers
from ecgssl_core.signals.spec import InputSpec
from pages.parts.cache import service
from pages.parts.pending import awaited
from pages.parts.terms import help_on
from pages.parts.view_panels import views_of

_SHOWN = (("QRS", "qrs_ms"), ("PR", "pr_ms"), ("QT", "qt_ms"))
QRS_LIMIT_MS = 20.0
ALIKE_LIMIT = 0.5


def ask_model(record: Record, drawn: Drawn, chosen: str, spec: InputSpec) -> None:
    """Draw, where it is asked for, the likeness of the features and the change of the intervals of one view."""
    label = f"Measure QRS, PR and QT of {chosen}, and ask the released model"
    if not st.toggle(label, key="view asks", help=help_on("Guard-rail figures"), wrap=True):
        return
    group, at = views_of(drawn)[chosen]
    start, count = group.crops[at].tolist()
    pair = [_as_record(record, one, spec) for one in (drawn.source[:, start : start + count], group.values[at])]
    try:
        found = awaited(("view asks", *(one.digest for one in pair)), "Measuring", lambda: _asked(*pair))
    except EcgError as error:
        st.error(str(error))
        return
    if found is not None:
        _show(*found)


def _as_record(record: Record, signal: Numbers, spec: InputSpec) -> Record:
    steps = (float(min(record.lsb_mv, default=0.001)),) * len(spec.leads)
    units = dict.fromkeys(spec.leads, "file")
    return replace(
        record, signal=signal, rate=spec.rate, leads=spec.leads, lsb_mv=steps, units=units, issues=(), derived=(),
        aside=(), aside_signal=None,
    )  # fmt: skip


def _asked(before: Record, after: Record) -> tuple[float, Intervals, Intervals]:
    one, other = (service().embedding(default_model(), record) for record in (before, after))
    alike = float(np.dot(one, other) / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-12))
    return alike, service().looked(before)[1], service().looked(after)[1]


def _show(alike: float, before: Intervals, after: Intervals) -> None:
    with st.container(horizontal=True):
        st.metric("Cosine of the model's features", f"{alike:.2f}", border=True)
        for label, name in _SHOWN:
            old, new = getattr(before, name), getattr(after, name)
            shown = ["–" if one is None else f"{one:.0f}" for one in (old, new)]
            moved = None if old is None or new is None else f"{new - old:+.0f} ms"
            st.metric(f"{label} (ms)", " → ".join(shown), moved, delta_color="off", border=True)
    qrs = None if before.qrs_ms is None or after.qrs_ms is None else after.qrs_ms - before.qrs_ms
    if qrs is not None and abs(qrs) > QRS_LIMIT_MS:
        st.warning(f"The view changes the QRS duration by {qrs:+.0f} ms.", icon=":material/straighten:")
    if alike < ALIKE_LIMIT:
        st.warning(f"To the released model this view is hardly the same ECG: cosine {alike:.2f}.")
    st.caption(f"Limits: QRS duration ±{QRS_LIMIT_MS:.0f} ms, cosine {ALIKE_LIMIT:g}. A dash: not measurable.")
