"""A table of a page as a file to take away."""

import pandas as pd
import streamlit as st

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would run a cell that begins so


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
        table_text(table, index_label),
        f"{name}.csv",
        "text/csv",
        key=f"table {name}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def table_text(table: pd.DataFrame, index_label: str | None = None) -> str:
    """Give a table as CSV, each text that begins like a formula after an apostrophe."""
    safe = table.map(_safe)
    return safe.to_csv(index=index_label is not None, index_label=index_label)


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
