"""A card as Markdown."""

from collections.abc import Collection

import pandas as pd

from ecgssl_core import PURPOSE
from ecgssl_core.report.card import Card, Section

FIGURES = "figures"
_MARKUP = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_{}[]<>#|~$&"} | {"\n": " ", "\r": " "})


def card_markdown(card: Card, drawn: Collection[str], page: str) -> str:
    """Give the card as Markdown.

    Args:
        card: the report.
        drawn: names of the figures that lie as SVG in the folder of figures.
        page: name of the HTML file beside it.
    """
    parts = [f"# {_plain(card.title)}", _plain(PURPOSE)]
    if not drawn:
        needs = "to draw them as files takes the package kaleido and a Chromium"
        parts.append(f"The figures are in [{page}]({page}) alone: {needs}.")
    parts += [_section(section, drawn, page) for section in card.sections]
    return "\n\n".join(parts) + "\n"


def table_markdown(table: pd.DataFrame) -> str:
    """Give a table as Markdown; its cells are plain words."""
    lines = [[str(name) for name in table.columns], ["---"] * len(table.columns)]
    rows = [[_plain(str(cell)) for cell in row] for row in table.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(line)} |" for line in [*lines, *rows])


def _section(section: Section, drawn: Collection[str], page: str) -> str:
    parts = [f"## {_plain(section.title)}", *map(_plain, section.sentences)]
    for caption, table in section.tables.items():
        parts += [f"**{_plain(caption)}**"] if caption else []
        parts.append(table_markdown(table))
    for drawing in section.drawings:
        if drawing.name in drawn:
            parts.append(f"![{_plain(drawing.alt)}]({FIGURES}/{drawing.name}.svg)")
        else:
            parts.append(f"Figure in [{page}]({page}#{section.name}): {_plain(drawing.alt)}")
    return "\n\n".join(parts)


def _plain(text: str) -> str:
    """Give a text as plain words: nothing in it means anything in Markdown."""
    return text.translate(_MARKUP)
