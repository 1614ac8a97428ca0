"""Why a model says what it says of a record, panel by panel; only the open panel is worked out."""

from collections.abc import Callable

import streamlit as st

from ecgssl_core.errors import EcgError
from pages.parts.case import Case
from pages.parts.names import shown_name
from pages.parts.why_attribution import show_attribution
from pages.parts.why_gate import show_gate
from pages.parts.why_leads import show_leads
from pages.parts.why_mute import show_mute
from pages.parts.why_similar import show_similar
from pages.parts.why_windows import show_windows

LONG_S = 60.0  # a record beyond this opens with its windows
PANELS: dict[str, Callable[[Case], None]] = {
    "Gate": show_gate,
    "Attribution": show_attribution,
    "Muting": show_mute,
    "Leads": show_leads,
    "Similar": show_similar,
    "Windows": show_windows,
}


def show_why(case: Case) -> None:
    """Show the panels; the address names the open one."""
    st.subheader("Why", anchor=False)
    usual = "Windows" if case.record.seconds > LONG_S else "Gate"
    tabs = st.tabs(list(PANELS), default=usual, key="why", bind="query-params")
    for tab, show in zip(tabs, PANELS.values(), strict=True):
        if tab.open:
            with tab:
                _shown(case, show)


@st.fragment
def _shown(case: Case, show: Callable[[Case], None]) -> None:
    try:
        show(case)
    except EcgError as error:
        st.error(shown_name(str(error), 300), icon=":material/error:")
