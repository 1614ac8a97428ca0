"""The runs themselves: what they were set to, where they differ, how they learned, and one of them from near."""

import streamlit as st

from ecgssl_core.report.settings_table import settings_differences
from pages.parts.asked import Asked
from pages.parts.one_run import one_run
from pages.parts.run_table import downloads, fold_rows
from pages.parts.take_away import show_section, show_table
from pages.parts.terms import help_on

_ACROSS = 6  # more runs than that stand below each other


def show_runs(asked: Asked) -> None:
    """Draw where the settings differ, one run from near, and the learning curves when asked for."""
    st.subheader("Where the settings differ", anchor=False, help=help_on("Preset"))
    table = settings_differences({run.name: run.settings for run in asked.runs})
    if table.empty:
        st.caption("These runs were set alike in everything." if len(asked.runs) > 1 else "One run differs from none.")
    else:
        st.caption("Only settings that are not the same in all chosen runs.")
        if len(asked.runs) > _ACROSS:
            table = table.set_index("setting").T.rename_axis("run").reset_index()
        show_table(table, "Settings in which the runs differ", "settings")
    st.subheader("One run", anchor=False)
    names = {run.name: run for run in asked.runs}
    one_run(names[st.selectbox("Run", names, format_func=lambda name: names[name].title, key="results_run")])
    st.subheader("Learning curves", anchor=False)
    if st.toggle("Show them", key="learning_curves"):
        section = asked.section("Reading the learning curves", "section", name="learning curves")
        if section:
            show_section(section)
    st.subheader("Scores as they lie in the run folders", anchor=False)
    downloads(list(asked.runs), fold_rows(list(asked.runs)))
