"""How far probabilities can be taken at their word, and what the gate leans on."""

import streamlit as st

from pages.parts.asked import Asked, choose_arms, choose_class
from pages.parts.take_away import show_drawing, show_section, show_table
from pages.parts.terms import help_on


def show_calibration(asked: Asked) -> None:
    """Draw the reliability of one class or of all answers, then the report's tables on thresholds and sets."""
    facts = asked.facts()
    if facts is None:
        return
    left, right = st.columns([1, 2])
    with left:
        code = choose_class(facts, "All classes together")
    with right:
        arms = choose_arms(facts, "reliability_arms", 2)
    section = asked.section("Drawing patients anew for every bin", "reliability", code=code, arms=arms)
    if section:
        show_section(section)
    st.subheader("Thresholds and sets", anchor=False, help=help_on("Conformal set"))
    if st.toggle("Show the tables of the report", key="trust_tables"):
        whole = asked.section("Working out thresholds and sets", "section", name="calibration")
        if whole:
            st.caption(" ".join(whole.sentences))
            for place, (caption, table) in enumerate(whole.tables.items()):
                st.markdown(f"**{caption}**")
                show_table(table, caption, f"trust_{place}")


def show_gates(asked: Asked) -> None:
    """Draw the gate's weights by class and fold beside what leaving a modality out does."""
    facts = asked.facts()
    if facts is None:
        return
    if not facts["gated"]:
        st.info("None of these arms has a gate: gate weights come with the arms TSG and SSL-TSG.")
        st.page_link("pages/train.py", label="Train such an arm", icon=":material/model_training:")
        return
    arm = st.selectbox("Arm", facts["gated"], len(facts["gated"]) - 1, key="gated_arm", help=help_on("Gate"))
    section = asked.section("Averaging the gate by class and fold", "leaning", arm=arm)
    if section is None:
        return
    for sentence in section.sentences:
        st.caption(sentence)
    table = section.tables[""]
    apart = table["class"][table["gate and ablation"] == "disagree"].tolist()
    if apart:
        st.warning(
            f"Gate and ablation disagree on {', '.join(apart)}: the network leans on a modality that could be left out "
            "with less loss than the other.",
            icon=":material/call_split:",
        )
    show_drawing(section.drawings[0])
    show_table(table, section.title, "gates")
