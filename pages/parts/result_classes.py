"""Class by class: one metric of all arms, and the curves of one class or of the mean."""

import streamlit as st

from pages.parts.asked import Asked, choose_arms, choose_class
from pages.parts.take_away import show_drawing, show_section, show_table
from pages.parts.terms import help_on

SHORT = {"auroc": "AUROC", "auprc": "AUPRC", "f_measure": "F1"}


def show_classes(asked: Asked) -> None:
    """Draw curves of one class or the mean, then the table of all classes."""
    facts = asked.facts()
    if facts is None:
        return
    left, right = st.columns([1, 2])
    with left:
        code = choose_class(facts)
    with right:
        arms = choose_arms(facts, "curve_arms")
    section = asked.section("Drawing the curves", "curves", code=code, arms=arms)
    if section:
        places = st.columns(2)
        for place, drawing in zip(places, section.drawings, strict=True):
            with place:
                show_drawing(drawing)
        st.caption(section.sentences[0])
        show_table(section.tables[""], f"Areas, and what the thresholds give: {section.title}", "operating")
    st.subheader("All classes", anchor=False, help=help_on("Support"))
    metric = st.segmented_control(
        "Metric", SHORT, default="auroc", required=True, format_func=SHORT.__getitem__, key="class_metric"
    )
    table = asked.section("Drawing patients anew for every class", "classes", metric=metric)
    if table:
        show_section(table)


def show_confusion(asked: Asked) -> None:
    """Draw what is called of the records with each class beside what they truly have."""
    facts = asked.facts()
    if facts is None:
        return
    left, right = st.columns([1, 2])
    arm = left.selectbox("Arm", facts["networks"], facts["networks"].index(facts["paper"][-1]), key="confusion_arm")
    names = dict(zip(facts["codes"], facts["names"], strict=True))
    codes = right.multiselect(
        "Classes", names, facts["commonest"], format_func=names.__getitem__, key="confusion_classes",
        help="The commonest stand here at first; more than twelve are hard to read on a narrow screen.", wrap=True,
    )  # fmt: skip
    chosen = [code for code in names if code in codes] or None
    section = asked.section("Counting what is called together", "confusion", arm=arm, codes=chosen)
    if section is None:
        return
    for sentence in section.sentences:
        st.caption(sentence)
    called, there, beyond = section.drawings
    places = st.columns(2)
    for place, drawing in zip(places, (called, there), strict=True):
        with place:
            show_drawing(drawing)
    show_drawing(beyond)
    with st.expander("As a table", icon=":material/table:"):
        show_table(section.tables[""], section.title, "confusion")
