"""A report on the page: one section at a time, the same tables and figures as in its files."""

import pandas as pd
import streamlit as st

from ecgssl_core.report.card import Card, Section
from ecgssl_core.report.curves import class_curves
from ecgssl_core.report.html import card_html
from ecgssl_core.report.study import Study
from pages.parts.names import shown_name

_ALL = 100_000  # letters of a sentence that is not to be cut
_WIDEST = 300  # pixels of a table's first column


def show_card(study: Study, card: Card) -> None:
    """Draw the section that is chosen, and offer the whole as a file."""
    titles = {section.name: section.title for section in card.sections}
    names = list(titles)
    chosen = st.pills("Section", names, format_func=titles.__getitem__, default=names[1], key="card_section")
    section = card.section(chosen or names[1])
    if section:
        _section(section, study)
    st.download_button(
        "Report as HTML",
        lambda: card_html(card),
        "report.html",
        "text/html",
        key="card_html",
        on_click="ignore",
        icon=":material/download:",
        help="One file with all sections, readable without a network. `python -m ecgssl_core report RUN… --out FOLDER` "
        "writes it too, and the same as Markdown.",
    )


def _section(section: Section, study: Study) -> None:
    for sentence in section.sentences:
        st.caption(shown_name(sentence, _ALL))
    if section.name == "classes":
        _curves(study)
    for caption, table in section.tables.items():
        if caption:
            st.markdown(f"**{shown_name(caption, _ALL)}**")
        _table(table, caption or section.title)
    # the page has the points of the folds already, and draws the curves of one class at a time
    for drawing in section.drawings if section.name not in ("overview", "classes") else ():
        st.caption(shown_name(drawing.alt, _ALL))
        st.plotly_chart(drawing.figure, key=f"card_{drawing.name}", alt=drawing.alt)


def _table(table: pd.DataFrame, words: str) -> None:
    """Draw a table whose first column is wide enough for its longest text."""
    first = str(table.columns[0])
    longest = max(len(str(cell)) for cell in [first, *table[first]])
    column = st.column_config.Column(width=min(_WIDEST, 24 + 8 * longest))
    st.dataframe(table, hide_index=True, column_config={first: column}, alt=words, height="content")


def _curves(study: Study) -> None:
    """Draw both curves of one class; the file has those of all."""
    names = dict(zip(study.classes.codes, study.classes.names, strict=True))
    code = st.selectbox("Class", names, format_func=names.__getitem__, key="card_class")
    for place, kind in zip(st.columns(2), ("roc", "pr"), strict=True):
        figure = class_curves(study, kind, code).update_layout(height=380)
        place.plotly_chart(figure, key=f"card_{kind}", alt=f"{kind.upper()} curve of {names[code]}, arm over arm.")
