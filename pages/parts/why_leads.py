"""The same record with fewer and fewer leads."""

import dataclasses

import pandas as pd
import streamlit as st

from ecgssl_core.inference.explained import LeadSet, TestedFigures
from ecgssl_core.inference.stated import stated_word
from ecgssl_core.plots.lead_sets import lead_set_figure
from pages.parts.cache import service
from pages.parts.case import Case
from pages.parts.names import plain_text, shown_name
from pages.parts.other_model import any_leads_card
from pages.parts.take import offer_rows
from pages.parts.terms import help_on

_SHOWN = 5  # classes in the figure: those that lie highest in any set
_LISTED = 8
_VERDICTS = {
    "": "",
    "open": "; whether that is less than with all, these records cannot tell",
    "lower": "; lower than with all",
    "higher": "; higher than with all",
}
_FURTHER = {"chest": "Chest leads", "single": "Each lead alone"}


def show_leads(case: Case) -> None:
    """Show what a model says with fewer of the record's leads, and how well it does with them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        case = _asked_model(case)
        further = st.pills(
            "Sets beside the usual ones", _FURTHER, selection_mode="multi", key="further leads",
            format_func=_FURTHER.__getitem__, help=help_on("Lead set"),
        )  # fmt: skip
    words = tuple(further)
    sets = case.asked(
        "lead sets",
        "Asking with fewer leads",
        lambda: service().lead_sets(case.card.folder, case.record, words),
        words,
    )
    if not sets:
        return
    names = [one.name for one in sets]
    chosen = names[0] if len(names) == 1 else st.select_slider("Leads given", names, key="leads given", width=640)
    now = sets[names.index(chosen)]
    _say(now)
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
        offer_rows("lead sets", _table_rows(sets, rows))
    with right:
        _table(now, {one.code for one in sets[0].findings if one.status != "not assessed"})


def _asked_model(case: Case) -> Case:
    """Give the case before the model that reads fewer leads, unless the chosen one does or is asked for."""
    able = None if case.card.manifest.spec.fewer_leads else any_leads_card()
    if able is None:
        return case
    models = {able.folder.name: f"{plain_text(able.name)} (reads any leads)", case.card.folder.name: case.card.name}
    asked = st.segmented_control(
        "Model", models, default=able.folder.name, required=True, key="leads model", format_func=models.__getitem__,
        help="The first was trained to read records with fewer leads; the second is the one chosen above.",
    )  # fmt: skip
    return dataclasses.replace(case, card=able) if asked == able.folder.name else case


def _say(now: LeadSet) -> None:
    leads = ", ".join(now.leads)
    if now.figures is not None:
        st.caption(f"{leads}. {tested_words(now.figures)}")
    elif now.tested and now.note is None:
        st.caption(f"{leads}: the leads with which the model was scored.")
    elif now.tested:
        st.caption(shown_name(str(now.note), 400))
    if not now.tested:
        st.warning(
            f"{leads}: the model was not made for these leads, or never tested with them. The others are silent, and "
            "the numbers are for looking at only.",
            icon=":material/science:",
        )


def tested_words(found: TestedFigures) -> str:
    """Give how a model did with a set of leads."""
    verdict = _VERDICTS.get(found.verdict, f"; {found.verdict} of that with all")
    return (
        f"Tested with these leads on {found.records:,} held-out records: macro AUROC {found.auroc:.3f} "
        f"[{found.low:.3f}, {found.high:.3f}]{verdict}."
    )


def _rows(sets: tuple[LeadSet, ...]) -> dict[str, list[float]]:
    """Give the probability in each set, by name of the class; without those that nothing is said of."""
    said = [one for one in sets[0].findings if one.status != "not assessed"] or list(sets[0].findings)
    by_code = [{one.code: one.probability for one in found.findings} for found in sets]
    return {one.name: [found[one.code] for found in by_code] for one in said}


def _table_rows(sets: tuple[LeadSet, ...], rows: dict[str, list[float]]) -> list[dict[str, object]]:
    """Give what is shown as rows to take away, the tested figures of each set first."""
    names = [one.name for one in sets]
    tested = [None if one.figures is None else one.figures.auroc for one in sets]
    head = [{"class": "macro AUROC, held-out records", **dict(zip(names, tested, strict=True))}]
    return [*head, *({"class": name, **dict(zip(names, found, strict=True))} for name, found in rows.items())]


def _table(now: LeadSet, codes: set[str]) -> None:
    said = sorted(
        (one for one in now.findings if not codes or one.code in codes),
        key=lambda one: -one.probability / max(one.threshold, 1e-9),
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
