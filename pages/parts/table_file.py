"""A table of a page as a file to take away."""

import pandas as pd
import streamlit as st

from pages.parts.plain_csv import plain_csv


def offer_table(table: pd.DataFrame, name: str, label: str = "Table (CSV)", index_label: str | None = None) -> None:
    """Offer a table as CSV, with cells that no spreadsheet takes for a formula.

    Args:
        table: numbers stay as they are; texts are escaped.
        name: of the file, without its ending.
        label: of the button.
        index_label: name of the first column where the index is to be written too.
    """
    st.download_button(
        label,
        plain_csv(table, index_label),
        f"{name}.csv",
        "text/csv",
        key=f"table {name}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
