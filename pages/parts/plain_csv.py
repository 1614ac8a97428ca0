"""Tables as CSV that a spreadsheet opens without running anything in them."""

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would run a cell that begins so


def plain_csv(table: pd.DataFrame, index_label: str | None = None) -> str:
    """Give a table as CSV; a text that a spreadsheet would take for a formula, in a cell or a head, has ' before it.

    Args:
        table: numbers stay as they are.
        index_label: name of the first column where the index is to be written too.
    """
    safe = table.map(_plain).rename(columns=_plain, index=_plain)
    return safe.to_csv(index=index_label is not None, index_label=index_label)


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
