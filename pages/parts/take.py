"""The numbers behind a figure, to be taken away as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would run a cell that begins so


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
    table = pd.DataFrame([{key: _cell(value) for key, value in row.items()} for row in rows])
    return table.to_csv(index=False)


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
