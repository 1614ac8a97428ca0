"""Two predictions side by side: what each says of a class, and how far they are apart."""

import pandas as pd
import streamlit as st

from ecgssl_core.inference.prediction import Prediction
from pages.parts.names import shown_name

_REACHED = {(True, True): "both", (True, False): "first", (False, True): "second", (False, False): "neither"}
_BAR = {"format": "%.3f", "min_value": 0.0, "max_value": 1.0}


def show_differences(first: Prediction, second: Prediction) -> None:
    """Show the classes of two predictions by one model, the largest difference first, or why there are none."""
    silent = [prediction for prediction in (first, second) if prediction.abstained]
    for prediction in silent:
        name, sentence = shown_name(prediction.name), shown_name(prediction.abstained or "", longest=300)
        st.warning(f"**{name}** {sentence}", icon=":material/do_not_disturb_on:")
    if silent:
        return
    table = differences(first, second)
    st.dataframe(
        table,
        hide_index=True,
        height=422,
        column_config={
            "class": st.column_config.TextColumn("Class", width="medium"),
            "code": st.column_config.TextColumn("Code"),
            "first": st.column_config.ProgressColumn("First", help="Calibrated probability, first record", **_BAR),
            "second": st.column_config.ProgressColumn("Second", help="Calibrated probability, second record", **_BAR),
            "difference": st.column_config.NumberColumn("Second − first", format="%+.3f"),
            "threshold": st.column_config.NumberColumn("Threshold", format="%.3f"),
            "reached": st.column_config.TextColumn("Reached by"),
        },
        alt=f"Probabilities of {len(table)} classes in both records and their difference.",
    )


def differences(first: Prediction, second: Prediction) -> pd.DataFrame:
    """Give a row a class of two predictions by one model, the largest difference first."""
    rows = [
        {
            "class": one.name,
            "code": one.code,
            "first": one.probability,
            "second": other.probability,
            "difference": other.probability - one.probability,
            "threshold": one.threshold,
            "reached": _REACHED[one.positive, other.positive],
        }
        for one, other in zip(first.findings, second.findings, strict=True)
    ]
    return pd.DataFrame(rows).sort_values("difference", key=abs, ascending=False, ignore_index=True)
