"""What the report has beside arms and classes: the paper, the ablation, learning curves; and the whole of it."""

import streamlit as st

from pages.parts.asked import Asked
from pages.parts.take_away import show_section

PAPER = {
    "Table I": "Table I of the paper",
    "Table II": "Table II of the paper",
    "protocol": "Protocols side by side",
    "differences": "Announced comparisons",
}
ABLATION = {
    "Figure 3": "Transformations (Figure 3)",
    "label shares": "Share of the labels",
    "another source": "Another source",
}
_EMPTY = {
    "Figure 3": "No arm here was pretrained with several sets of transformations. A sweep over them draws this chart.",
    "label shares": "No arm here was trained on a share of the labels. Set “label share” of a training below 1.",
    "another source": "No run here holds a whole source out. Set “source” of a training to one of the corpus.",
    "differences": "None of the comparisons that the protocol announces can be made with these runs.",
}


def show_paper(asked: Asked) -> None:
    """Draw the paper's tables beside these runs, and offer the whole report."""
    _part(asked, PAPER, "Table II", "paper_part")
    st.subheader("Report", anchor=False)
    st.caption(
        "All sections in one file that opens without a network, and the same as Markdown. "
        "`python -m ecgssl_core report RUN… --out FOLDER` writes them too."
    )
    if not st.toggle("Make the whole report", key="whole_report"):
        return
    made = asked.report()
    if made:
        with st.container(horizontal=True):
            for words, kind, mime in (("HTML", "html", "text/html"), ("Markdown", "markdown", "text/markdown")):
                st.download_button(
                    f"Report as {words}",
                    made[kind],
                    f"report.{'md' if kind == 'markdown' else kind}",
                    mime,
                    key=f"report_{kind}",
                    on_click="ignore",
                    icon=":material/download:",
                )


def show_ablation(asked: Asked) -> None:
    """Draw what transformations, labels and sources do."""
    _part(asked, ABLATION, "Figure 3", "ablation_part")


def _part(asked: Asked, parts: dict[str, str], first: str, key: str) -> None:
    name = st.segmented_control(
        "Part",
        parts,
        default=first,
        required=True,
        format_func=parts.__getitem__,
        key=key,
        label_visibility="collapsed",
    )
    facts = asked.facts()
    if facts is None:
        return
    section = asked.section(f"Making {parts[name]}", "section", name=name)
    if section:
        show_section(section)
    elif asked.answered("section", name=name):
        st.info(_EMPTY.get(name, "These runs have nothing for it."))
