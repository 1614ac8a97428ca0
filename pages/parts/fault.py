"""What a visitor reads where the workbench itself failed: a sentence and a number, under which the log has the rest."""

import logging
import secrets

import streamlit as st

_LOG = logging.getLogger("ecgssl.pages")


def show_fault(error: Exception) -> bool:
    """Log an error that no page expected, and show its number; True: Streamlit need not show it too."""
    number = secrets.token_hex(3)
    _LOG.error("fault %s", number, exc_info=error)
    st.error(
        f"Something went wrong in the workbench itself (fault {number}; the server's log has the details). "
        "Reload the page; your files have to be given again.",
        icon=":material/error:",
    )
    return True
