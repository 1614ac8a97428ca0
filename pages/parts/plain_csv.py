"""Tables as CSV that a spreadsheet opens without running anything in them."""

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain_csv(table: pd.DataFrame) -> str:
    """Give a table as CSV; a text that a spreadsheet would take for a formula is marked as text."""
    return table.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell).to_csv(
        index=False
    )
