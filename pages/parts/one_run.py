"""One scored run from near: gate weights by class, classes, protocol."""

import pandas as pd
import streamlit as st

from ecgssl_core.plots.gates import class_gate_figure
from pages.parts.run_table import class_table
from pages.parts.scored import Scored

NUMBER = st.column_config.NumberColumn(format="%.3f")


def one_run(run: Scored) -> None:
    """Draw the parts of a scored run in tabs."""
    gates, classes, protocol = st.tabs(["Gate weights", "Classes", "Protocol"])
    with gates:
        _gates(run)
    with classes:
        st.caption("The test fold, class by class; a class without a positive record has no AUROC.")
        columns = dict.fromkeys(("AUROC", "AUPRC", "F1", "threshold"), NUMBER)
        st.dataframe(
            class_table(run), hide_index=True, column_config=columns, placeholder="–", alt="Scores of each class."
        )
    with protocol:
        counts = {f"records, {name}": f"{count:,}" for name, count in run.scores.records.items()}
        lines = {**run.scores.protocol, **counts, "preset": run.preset, "run": run.name}
        st.table(pd.Series(lines, name="").rename_axis("what"))


def _gates(run: Scored) -> None:
    if run.scores.gates is None:
        st.caption(f"The arm {run.scores.arm} has no gate: gate weights come with the arms TSG and SSL-TSG.")
        return
    st.caption("How much the network leans on each modality, on the mean over the test records of a class.")
    names = {score.code: score.name for score in run.scores.per_class}
    weights = [each for each in run.scores.gates.by_class if each.records]
    rows = [{**each.model_dump(), "name": names.get(each.code, each.code)} for each in weights]
    st.plotly_chart(class_gate_figure(rows), key="gates", alt="Bars: gate weight of time and spectrogram by class.")
