"""A section as JSON and back, so that it can be made in another process."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.io import from_json

from ecgssl_core.report.card import Drawing, Section

Tree = dict[str, Any]


def encode_section(section: Section) -> Tree:
    """Give the section as what JSON can hold; a number that is none becomes null."""
    return {
        "name": section.name,
        "title": section.title,
        "sentences": list(section.sentences),
        "tables": {caption: _encode_table(table) for caption, table in section.tables.items()},
        "drawings": [
            {"name": each.name, "alt": each.alt, "figure": each.figure.to_json(), "least_pixels": each.least_pixels}
            for each in section.drawings
        ],
    }


def decode_section(tree: Tree) -> Section:
    """Give the section that was encoded."""
    return Section(
        tree["name"],
        tree["title"],
        tuple(tree["sentences"]),
        {caption: pd.DataFrame(each["rows"], columns=each["columns"]) for caption, each in tree["tables"].items()},
        tuple(
            Drawing(each["name"], each["alt"], _figure(each["figure"]), each["least_pixels"])
            for each in tree["drawings"]
        ),
    )


def _encode_table(table: pd.DataFrame) -> Tree:
    plain = table.astype(object).where(table.notna(), None)
    return {"columns": [str(name) for name in table.columns], "rows": plain.to_numpy().tolist()}


def _figure(text: str) -> go.Figure:
    figure: go.Figure = from_json(text)
    return figure
