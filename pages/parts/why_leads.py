"""The same record with fewer and fewer leads."""

import pandas as pd
import streamlit as st

from ecgssl_core.inference.explained import LeadSet
from ecgssl_core.inference.stated import stated_word
from ecgssl_core.plots.lead_sets import lead_set_figure
from pages.parts.cache import service
from pages.parts.case import Case
from pages.parts.take import offer_rows
from pages.parts.terms import help_on

_SHOWN = 5  # classes in the figure: those that lie highest in any set
_LISTED = 8


def show_leads(case: Case) -> None:
    """Show what the model says with 12, 6, 3, 2 and 1 of the record's leads."""
    sets = case.asked(
        "lead sets",
        "Asking with fewer leads",
        lambda: service().lead_sets(case.card.folder, case.record),
    )
    if not sets:
        return
    names = [one.name for one in sets]
    chosen = st.select_slider("Leads given", names, key="leads given", help=help_on("Lead set"), width=480)
    now = sets[names.index(chosen)]
    if now.tested:
        st.caption(f"{', '.join(now.leads)}: the leads with which the model was scored.")
    else:
        st.warning(
            f"{', '.join(now.leads)}: the model was not tested with these leads. The others are silent, and the "
            "figures are for looking at only.",
            icon=":material/science:",
        )
    left, right = st.columns([3, 2], gap="large")
    rows = _rows(sets)
    with left:
        shown = sorted(rows, key=lambda name: -max(rows[name]))[:_SHOWN]
        st.plotly_chart(
            lead_set_figure(names, {name: rows[name] for name in shown}, chosen),
            key="lead sets",
            config={"displayModeBar": False},
            alt=f"Probability of {', '.join(shown)} with {', '.join(names)}.",
        )
        offer_rows(
            "lead sets", [{"class": name, **dict(zip(names, found, strict=True))} for name, found in rows.items()]
        )
    with right:
        _table(now, {one.code for one in sets[0].findings if one.status != "not assessed"})


def _rows(sets: tuple[LeadSet, ...]) -> dict[str, list[float]]:
    """Give the probability in each set, by name of the class; without those that nothing is said of."""
    said = [one for one in sets[0].findings if one.status != "not assessed"]
    by_code = [{one.code: one.probability for one in found.findings} for found in sets]
    return {one.name: [found[one.code] for found in by_code] for one in said}


def _table(now: LeadSet, codes: set[str]) -> None:
    said = sorted(
        (one for one in now.findings if one.code in codes), key=lambda one: -one.probability / max(one.threshold, 1e-9)
    )[:_LISTED]
    st.dataframe(
        pd.DataFrame(
            {
                "Class": [one.name for one in said],
                "Probability": [one.probability for one in said],
                "Output": [stated_word(one) if now.tested else "not tested" for one in said],
            }
        ),
        hide_index=True,
        column_config={
            "Class": st.column_config.TextColumn("Class", width="small"),
            "Probability": st.column_config.ProgressColumn(width="small", format="%.3f", min_value=0.0, max_value=1.0),
            "Output": st.column_config.TextColumn("Output", width="small"),
        },
        key="lead set",
        alt=f"What the model says with {now.name}.",
    )
