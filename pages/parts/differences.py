"""Two predictions side by side: what each says of a class, and how far they are apart."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ecgssl_core.inference.prediction import Finding, Prediction
from ecgssl_core.inference.stated import unsupported, word_of
from pages.parts.names import shown_name
from pages.parts.terms import help_on

_STATED = {(True, True): "both", (True, False): "first", (False, True): "second", (False, False): "neither"}
_SAID = {
    (True, True): "Stated (likely or possible) in both",
    (True, False): "In the first only",
    (False, True): "In the second only",
}
_BAR = {"format": "%.3f", "min_value": 0.0, "max_value": 1.0}
UNSAID = "not assessed"


def show_differences(first: Prediction, second: Prediction) -> None:
    """Show the classes of two predictions by one model, the largest difference first, or why there are none."""
    silent = [(place, one) for place, one in (("First", first), ("Second", second)) if one.abstained]
    for place, prediction in silent:
        name, sentence = shown_name(prediction.name), shown_name(prediction.abstained or "", longest=300)
        st.warning(f"**{place}, {name}: the model abstains.** {sentence}", icon=":material/do_not_disturb_on:")
    if silent:
        st.caption("Two predictions are compared where the model speaks of both records.")
        return
    table = differences(first, second)
    st.caption(
        "Likely or possible: the class is stated, `positive` in the files; below: it is not, `negative`. "
        "Why a class is undecided or not assessed stands below."
    )
    st.markdown("  \n".join(f"**{words}:** {_named(table, who)}" for who, words in _SAID.items()))
    st.dataframe(
        _in_words(table),
        hide_index=True,
        height=422,
        column_config={
            "class": st.column_config.TextColumn("Class", width=260, pinned=True),
            "code": st.column_config.TextColumn("Code"),
            "first": st.column_config.ProgressColumn("First", help=help_on("Calibration"), **_BAR),
            "second": st.column_config.ProgressColumn("Second", help=help_on("Calibration"), **_BAR),
            "difference": st.column_config.NumberColumn("Second − first", format="%+.3f"),
            "threshold": st.column_config.NumberColumn("Threshold", format="%.3f", help=help_on("Threshold")),
            "stated in": None,
            "first says": st.column_config.TextColumn("First says", help=help_on("Stated")),
            "second says": st.column_config.TextColumn("Second says", help=help_on("Stated")),
            "support": st.column_config.NumberColumn("Support", help=help_on("Support")),
            "why not": None,
        },
        alt=f"Probabilities of {len(table)} classes in both records and their difference.",
    )
    _tell_reasons(table, (("First", first), ("Second", second)))


def _tell_reasons(table: pd.DataFrame, said: Sequence[tuple[str, Prediction]]) -> None:
    """Say which stated classes what is measured does not support, and behind a click why others are open."""
    for place, prediction in said:
        for sentence in unsupported(prediction.findings):
            st.caption(f":material/straighten: {place}, {shown_name(sentence, longest=300)}")
    open_ones = table[table["why not"] != ""]
    if len(open_ones):
        with st.expander(f"Why {len(open_ones)} classes are undecided or not assessed"):
            pairs = zip(open_ones["class"], open_ones["why not"], strict=True)
            st.markdown("\n".join(f"- **{shown_name(name)}**: {shown_name(why, longest=400)}" for name, why in pairs))


def _in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Give the table with the words of Inspect in place of the statuses of the files, without columns of the files."""
    words = {
        f"{place} says": [word_of(*one) for one in zip(table[f"{place} says"], table[place], strict=True)]
        for place in ("first", "second")
    }
    return table.assign(**words)


def _named(table: pd.DataFrame, who: tuple[bool, bool]) -> str:
    """Give the names of the classes that the model says are there in both records, or in one of them only."""
    said = table[["first says", "second says"]] == "positive"
    names = table.loc[(said["first says"] == who[0]) & (said["second says"] == who[1]), "class"].tolist()
    return ", ".join(map(shown_name, names)) or "none"


def differences(first: Prediction, second: Prediction) -> pd.DataFrame:
    """Give a row a class of two predictions by one model, the largest difference first, unassessed classes last."""
    rows = difference_rows(first, second)
    table = pd.DataFrame(rows)
    unsaid = (table[["first says", "second says"]] == UNSAID).any(axis=1)
    order = table.assign(unsaid=unsaid, size=table["difference"].abs()).sort_values(
        ["unsaid", "size"], ascending=[True, False], kind="stable"
    )
    return order.drop(columns=["unsaid", "size"]).reset_index(drop=True)


def difference_rows(first: Prediction, second: Prediction) -> list[dict[str, Any]]:
    """Give a row a class of two predictions by one model, in the model's order; none where one of them abstains."""
    both = first.findings and second.findings  # it may speak of one, and be silent on the other for want of leads
    pairs: Sequence[tuple[Finding, Finding]] = list(zip(first.findings, second.findings, strict=True)) if both else []
    return [
        {
            "class": one.name,
            "code": one.code,
            "first": one.probability,
            "second": other.probability,
            "difference": other.probability - one.probability,
            "threshold": one.threshold,
            "stated in": _STATED[one.status == "positive", other.status == "positive"],
            "first says": one.status,
            "second says": other.status,
            "support": one.support,
            "why not": " ".join(dict.fromkeys(filter(None, (one.reason, other.reason)))),
        }
        for one, other in pairs
    ]
