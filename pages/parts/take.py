"""The numbers behind a figure, to be taken away as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts.plain_csv import plain_csv


def offer_rows(name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Offer rows as CSV.

    Args:
        name: of the file, without its ending; also the key of the button.
        rows: one mapping a row, with the same keys.
    """
    st.download_button(
        "Numbers",
        as_csv(rows),
        f"{name}.csv",
        "text/csv",
        key=f"take {name}",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help="The numbers of this figure as CSV.",
    )


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Give rows as CSV, with a ' before every text that a spreadsheet would run as a formula."""
    return plain_csv(pd.DataFrame([dict(row) for row in rows]))
