"""Results: scored runs side by side, fold by fold, class by class, beside the paper, and as a report to take away."""

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.plots.folds import fold_figure
from pages.parts.card_view import show_card
from pages.parts.card_work import FEW, MANY, report_of
from pages.parts.frame import enter_frame
from pages.parts.names import shown_name
from pages.parts.one_run import one_run
from pages.parts.run_table import HELP, NUMBERS, choose_runs, downloads, fold_rows, fold_table, mean_table
from pages.parts.scored import scored_runs

enter_frame()
st.title("Results")
st.caption("Scores of folds that nothing had seen. In brackets: 95 % intervals over patients.")

runs, sentences = scored_runs()
for sentence in sentences:
    st.warning(sentence)
if not runs:
    st.info("No run has been scored yet. A fine-tuning is scored at its end.")
    st.page_link("pages/train.py", label="Start a training", icon=":material/model_training:")
    st.stop()

linked = [name for name in st.query_params.get("runs", "").split(",") if name]
unknown = sorted(set(linked) - {run.name for run in runs})
if unknown:
    st.warning(f"There are no scores of {', '.join(map(shown_name, unknown))}; the others are shown.")
chosen = choose_runs(runs, linked)
if len(chosen) < len(runs):
    st.query_params["runs"] = ",".join(run.name for run in chosen)
elif "runs" in st.query_params:
    del st.query_params["runs"]
st.caption("Choose rows to compare some of them only; the address then leads to the same choice.")

st.subheader("Over the folds")
rows = fold_rows(chosen)
if rows["folds"].nunique() > 1:
    st.warning("These runs were scored on different divisions into folds: their numbers do not compare.")
st.dataframe(mean_table(rows), hide_index=True, column_config=HELP, alt="Mean and spread over the folds of each arm.")
st.caption(
    "Mean over the folds ± their standard deviation: the spread between folds, no interval of the mean. "
    "Runs that differ in seed or in transformations alone count together here; the report below keeps them apart."
)
st.plotly_chart(fold_figure(rows), key="folds", alt="Points: each metric of each fold, arm beside arm, with the mean.")
with st.expander("Fold by fold"):
    st.dataframe(
        fold_table(rows), hide_index=True, column_config=NUMBERS, placeholder="–", alt="Metrics of each arm and fold."
    )
downloads(chosen, rows)

st.subheader("One run")
names = {run.name: run for run in chosen}
one_run(names[st.selectbox("Run", names, format_func=lambda name: names[name].title, key="results_run")])

st.subheader("Beside the paper")
replicates = st.segmented_control(
    "Bootstrap replicates",
    (FEW, MANY),
    default=FEW,
    required=True,
    format_func="{:,}".format,
    help="Few give a first look; many are for numbers to be printed, and take ten times as long.",
)
try:
    report = report_of([run.name for run in chosen], replicates)
except EcgError as error:
    st.info(shown_name(str(error), 1000))
else:
    if report:
        st.caption(f"Intervals from {replicates:,} replicates that draw patients; the same tables as in the report.")
        show_card(*report)
