"""Results: scored runs side by side, class by class, beside the paper, as a map, and as a report to take away."""

import streamlit as st

from ecgssl_core.errors import EcgError
from pages.parts.asked import Asked
from pages.parts.names import shown_name
from pages.parts.pending import leave
from pages.parts.result_arms import show_arms
from pages.parts.result_classes import show_classes, show_confusion
from pages.parts.result_leads import show_leads
from pages.parts.result_map import show_map
from pages.parts.result_report import show_ablation, show_paper
from pages.parts.result_runs import show_runs
from pages.parts.result_trust import show_calibration, show_gates
from pages.parts.run_choice import chosen_runs
from pages.parts.scored import scored_runs
from pages.parts.terms import help_on

FEW, MANY = 200, 2000
PARTS = {
    "Arms": show_arms,
    "Classes": show_classes,
    "Confusion": show_confusion,
    "Calibration": show_calibration,
    "Gates": show_gates,
    "Leads": show_leads,
    "Ablation": show_ablation,
    "Map": show_map,
    "Paper": show_paper,
    "Runs": show_runs,
}

st.title("Results")
st.caption("Scores of folds that nothing had seen. In brackets: 95 % intervals over patients.")

runs, sentences = scored_runs()
for sentence in sentences:
    st.warning(shown_name(sentence, 1000))
if not runs:
    st.info("No run has been scored yet. A fine-tuning is scored at its end.")
    st.page_link("pages/train.py", label="Start a training", icon=":material/model_training:")
    leave()

chosen = chosen_runs(runs)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    part = st.segmented_control(
        "Show", PARTS, default="Arms", required=True, key="part", bind="query-params", wrap=True
    )
    replicates = st.segmented_control(
        "Bootstrap replicates",
        (FEW, MANY),
        default=FEW,
        required=True,
        key="replicates",
        format_func="{:,}".format,
        help=help_on("Bootstrap"),
    )
try:
    PARTS[part](Asked(tuple(chosen), replicates))
except EcgError as error:
    st.info(shown_name(str(error), 1000), icon=":material/info:")
