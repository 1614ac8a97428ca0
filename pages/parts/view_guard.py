"""What the transformations did to the measurements of a record, view by view, and where that is beyond limits."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from ecgssl_core.records.altered import Altered, altered
from ecgssl_core.records.qrs import qrs_times
from ecgssl_core.signals.drawn import Drawn
from ecgssl_core.signals.spec import InputSpec
from pages.parts.terms import help_on
from pages.parts.view_panels import views_of

RATE_LIMIT = 0.10  # of the heart rate
QRS_LIMIT = 0.30  # of the QRS height
ST_LIMIT_MV = 0.1
LIMB_LIMIT_MV = 0.05
SNR_LIMIT_DB = 10.0
LIMITS = (
    f"Limits: heart rate ±{RATE_LIMIT:.0%}, QRS height ±{QRS_LIMIT:.0%}, ST ±{ST_LIMIT_MV:g} mV, "
    f"I + III − II {LIMB_LIMIT_MV:g} mV, signal to noise {SNR_LIMIT_DB:g} dB; they are the "
    "workbench's own. Measured on what is not masked. A dash: not measurable on so short a piece."
)


@dataclass(frozen=True)
class Beyond:
    """A measurement beyond its limit: what it is, and how far in words."""

    kind: str
    words: str


def guard(drawn: Drawn, spec: InputSpec) -> dict[str, Altered]:
    """Give what happened to the measurements of each view of a series."""
    beats = qrs_times(drawn.source, spec.rate)
    found = {}
    for name, (group, at) in views_of(drawn).items():
        start, count = group.crops[at].tolist()
        gone = group.gone[at] | ~group.stays[at][:, None]
        inside = beats[(beats >= start / spec.rate) & (beats < (start + count) / spec.rate)] - start / spec.rate
        before = drawn.source[:, start : start + count]
        found[name] = altered(before, group.values[at], inside, spec.rate, spec.leads, gone)
    return found


def beyond(one: Altered) -> list[Beyond]:
    """Give what of a view is beyond its limit."""
    found = []
    if one.rate_before and one.rate_after and abs(one.rate_after / one.rate_before - 1) > RATE_LIMIT:
        found.append(Beyond("rhythm", f"heart rate {one.rate_before:.0f} → {one.rate_after:.0f}/min"))
    if one.qrs_mv_before and one.qrs_mv_after and abs(one.qrs_mv_after / one.qrs_mv_before - 1) > QRS_LIMIT:
        found.append(Beyond("measurement", f"QRS height {one.qrs_mv_before:.2f} → {one.qrs_mv_after:.2f} mV"))
    if one.st_mv is not None and abs(one.st_mv) > ST_LIMIT_MV:
        found.append(Beyond("measurement", f"ST moved by {one.st_mv:+.2f} mV"))
    if one.limb_mv is not None and one.limb_mv > LIMB_LIMIT_MV:
        found.append(Beyond("measurement", f"I + III − II is {one.limb_mv:.2f} mV"))
    if one.snr_db is not None and one.snr_db < SNR_LIMIT_DB:
        found.append(Beyond("measurement", f"signal to noise {one.snr_db:.0f} dB"))
    return found


def show_guard(found: dict[str, Altered]) -> None:
    """Draw the bar, and a table with a row for each view."""
    st.markdown("**What of the ECG is left**", help=help_on("Guard-rail figures"))
    wrong = {name: beyond(one) for name, one in found.items()}
    _bar({name: ones for name, ones in wrong.items() if ones}, len(found))
    table = pd.DataFrame([_row(name, one, bool(wrong[name])) for name, one in found.items()])
    st.dataframe(table, hide_index=True, key="guard", alt="Measurements of each view before and after")
    st.caption(LIMITS)


def _bar(wrong: dict[str, list[Beyond]], views: int) -> None:
    if not wrong:
        st.success("These settings leave rhythm and measurements within the limits.", icon=":material/check_circle:")
        return
    kinds = sorted({one.kind for ones in wrong.values() for one in ones}, reverse=True)
    worst = [f"{name}: {ones[0].words}" for name, ones in list(wrong.items())[:3]]
    words = (
        f"These settings change the {' and the '.join(kinds)} in {len(wrong)} of {views} views ({'; '.join(worst)})."
    )
    if "rhythm" in kinds:
        st.error(words, icon=":material/heart_broken:")
    else:
        st.warning(words, icon=":material/straighten:")


def _row(name: str, one: Altered, is_beyond: bool) -> dict[str, object]:
    return {
        "view": name,
        "limits": "beyond" if is_beyond else "within",
        "heart rate (/min)": _pair(one.rate_before, one.rate_after, ".0f"),
        "QRS height (mV)": _pair(one.qrs_mv_before, one.qrs_mv_after, ".2f"),
        "ST (mV)": "–" if one.st_mv is None else f"{one.st_mv:+.2f}",
        "I + III − II (mV)": "–" if one.limb_mv is None else f"{one.limb_mv:.3f}",
        "signal to noise (dB)": "–" if one.snr_db is None else f"{one.snr_db:.0f}",
        "kept": f"{one.kept:.0%}",
    }


def _pair(before: float | None, after: float | None, form: str) -> str:
    if before is None and after is None:
        return "–"
    return " → ".join("–" if one is None else format(one, form) for one in (before, after))
