"""Rate, intervals and axes of a record in one row, each a number or the reason why there is none."""

import streamlit as st

from ecgssl_core.records import Intervals
from ecgssl_core.records.intervals import NUMBERS

_WORDS = {
    "heart_rate_per_min": ("Rate", "/min", "Mean over the beats."),
    "pr_ms": ("PR", "ms", "From the first onset of P to that of QRS over all leads; median over beats."),
    "qrs_ms": ("QRS", "ms", "From the first onset to the last end over all leads; median over beats."),
    "qt_ms": ("QT", "ms", "From the first onset of QRS to the last end of T over all leads; median over beats."),
    "qtc_bazett_ms": ("QTc Bazett", "ms", "QT / √RR; too long in fast hearts."),
    "qtc_fridericia_ms": ("QTc Fridericia", "ms", "QT / ∛RR."),
    "qrs_axis_deg": ("QRS axis", "°", "In the frontal plane; 0° points to lead I, 90° to aVF."),
    "p_axis_deg": ("P axis", "°", "In the frontal plane."),
}
NONE = "–"


def show_intervals(found: Intervals) -> None:
    """Show what can be measured on a record; what cannot has its reason under the pointer, and below in words."""
    with st.container(horizontal=True, gap="medium"):
        for name in NUMBERS:
            label, unit, meaning = _WORDS[name]
            value = getattr(found, name)
            reason = found.reasons.get(name, "")
            text = NONE if value is None else f"{value:.0f} {unit}".replace(" °", "°").replace("-", "−")
            st.metric(label, text, width="content", help=f"{meaning} {reason}".strip())
    for reason, names in _grouped(found).items():
        st.caption(f"Not measurable: {', '.join(names)}. {reason}")


def _grouped(found: Intervals) -> dict[str, list[str]]:
    """Give the names of what is missing by its reason."""
    groups: dict[str, list[str]] = {}
    for name in NUMBERS:
        if getattr(found, name) is None:
            groups.setdefault(found.reasons.get(name, ""), []).append(_WORDS[name][0])
    return groups
