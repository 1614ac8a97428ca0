"""What a page shows, to be taken away: tables as CSV, LaTeX and Markdown, figures as their data."""

import pandas as pd
import streamlit as st

from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.latex import table_latex
from ecgssl_core.report.markdown import table_markdown
from pages.parts.names import shown_name
from pages.parts.plain_csv import plain_csv

_ALL = 100_000  # letters of a sentence that is not to be cut
_WIDEST = 300  # pixels of a table's first column
_MOST_COPIED = 200  # rows beyond which nobody pastes a table into a text


def show_section(section: Section, captions: int = _ALL) -> None:
    """Draw the sentences, tables and figures of a section, each with ways to take it away.

    Args:
        section: what to draw.
        captions: how many of its sentences.
    """
    for sentence in section.sentences[:captions]:
        st.caption(shown_name(sentence, _ALL))
    for place, (caption, table) in enumerate(section.tables.items()):
        if caption:
            st.markdown(f"**{shown_name(caption, _ALL)}**")
        show_table(table, caption or section.title, f"{section.name}_{place}")
    for drawing in section.drawings:
        show_drawing(drawing)


def show_table(table: pd.DataFrame, words: str, name: str) -> None:
    """Draw a table whose first column is wide enough for its longest text, and offer it.

    Args:
        table: texts and numbers.
        words: what it shows, for those who cannot see it, and under the copy.
        name: of the file; also the key.
    """
    first = str(table.columns[0])
    longest = max(len(str(cell)) for cell in [first, *table[first]])
    column = st.column_config.Column(width=min(_WIDEST, 24 + 8 * longest), pinned=True)
    st.dataframe(
        table,
        hide_index=True,
        column_config={first: column},
        alt=words,
        height="content" if len(table) <= 30 else 460,
        key=f"table {name}",
    )
    offer_table(table, words, name)


def show_drawing(drawing: Drawing) -> None:
    """Draw a figure, and offer its data."""
    st.plotly_chart(drawing.figure, key=f"figure {drawing.name}", alt=drawing.alt)
    st.download_button(
        "Figure data",
        lambda: drawing.figure.to_json(),
        f"{drawing.name}.json",
        "application/json",
        key=f"take figure {drawing.name}",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help="The numbers of the figure as Plotly's JSON: everything that is drawn, and how.",
    )


def offer_table(table: pd.DataFrame, words: str, name: str) -> None:
    """Offer a table as CSV, and as LaTeX and Markdown to be pasted into a paper."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "CSV",
            plain_csv(table),
            f"{name}.csv",
            "text/csv",
            key=f"csv {name}",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
        )
        if len(table) <= _MOST_COPIED:
            with st.popover("Copy as LaTeX or Markdown", type="tertiary", icon=":material/content_copy:"):
                st.caption("LaTeX, with the package booktabs")
                st.code(table_latex(table, words), language="latex", height=200)
                st.caption("Markdown")
                st.code(table_markdown(table), language="markdown", height=200)
