"""What files of a corpus are like, record by record and counted: formats, rates, lengths, leads, units, quality."""

from typing import Any

import pandas as pd
import streamlit as st

from ecgssl_core.corpus.outlook import Outlook
from ecgssl_core.corpus.summary import SEXES
from ecgssl_core.corpus.survey import Survey
from ecgssl_core.plots.counts import draw_counts
from ecgssl_core.plots.together import draw_together
from pages.parts.names import shown_name
from pages.parts.table_file import offer_table

_SMALL = {
    "formats": "Formats",
    "rates_hz": "Rates, Hz",
    "leads": "Leads",
    "units": "Where the unit is from",
    "quality": "Quality",
    "refused": "Refused, by kind",
}
_BINS = {"seconds": "Length, s", "span_mv": "Scale: what the middle lead spans, mV"}


def show_survey(survey: Survey) -> None:
    """Show the records that were looked at, and what they have in common."""
    rows = [
        {
            "record": one.key,
            "source": one.source,
            "format": one.format or None,
            "rate, Hz": one.rate_hz or None,
            "length, s": one.seconds or None,
            "leads": ", ".join(one.leads) or None,
            "unit": one.units or None,
            "span, mV": one.span_mv or None,
            "quality": one.quality or None,
            "remarks": one.sentence or " ".join(one.marks) or None,
        }
        for one in survey.seen
    ]
    table = pd.DataFrame(rows)
    st.dataframe(table, hide_index=True, key="survey", alt="The records that were looked at.")
    offer_table(table, "looked-at")
    st.caption(f"{len(survey.seen):,} of {survey.records:,} records were looked at, evenly spread.")
    show_counts(survey.counts(), "looked")


def show_outlook(found: Outlook) -> None:
    """Show what is known of a folder before it is packed: patients, folds, classes by source and together."""
    people = [f"{name}: {'unknown' if count is None else f'{count:,}'}" for name, count in found.patients.items()]
    folds = ", ".join(f"{fold}: {count:,}" for fold, count in found.folds.items()) or "none published"
    st.markdown(f"**Patients** {shown_name(', '.join(people), 400)} · **Folds** {folds}")
    _show_people(found)
    if not found.names:
        st.caption("No diagnosis is known yet of any record; a table may bring them.")
        return
    st.caption(f"Diagnoses as known of {found.records:,} records.")
    left, right = st.columns(2)
    figure = draw_counts(found.names, found.by_source, "records")
    left.plotly_chart(figure, key="outlook classes", alt="Bars: records of each class, by source.")
    if len(found.names) > 1:
        square = draw_together(found.names, found.together)
        right.plotly_chart(square, key="outlook together", alt="How often each class occurs with each other one.")
    offer_table(pd.DataFrame({"class": found.names, **found.by_source}), "outlook-classes")


def _show_people(found: Outlook) -> None:
    counts = {sex: found.people[sex].tolist() for sex in SEXES if found.people[sex].any()}
    if not counts or not found.people["age"].size or (set(counts) == {"unknown"} and not _ages(found)):
        st.caption("No age and no sex is known yet of any record.")
        return
    figure = draw_counts(found.people["age"].tolist(), counts, "records")
    st.plotly_chart(figure, key="outlook people", alt="Bars: records of each age band, by sex.")
    offer_table(found.people, "outlook-people")


def _ages(found: Outlook) -> bool:
    return bool(found.people[list(SEXES)].iloc[:-1].to_numpy().any())


def show_counts(tree: dict[str, dict[str, Any]], key: str) -> None:
    """Show counts by source as a pack's survey has them.

    Args:
        tree: source, then what is counted, then its values.
        key: what tells this place on the page from others.
    """
    if not tree:
        st.info("This pack was made before files were surveyed; pack its folder again to see what they are like.")
        return
    for column, (what, title) in zip(st.columns(2), _BINS.items(), strict=True):
        order = list(dict.fromkeys(name for counts in tree.values() for name in counts.get(what, {})))
        names = sorted(order, key=lambda name: float(name.removeprefix("from ").split()[0]))
        parts = {source: [counts.get(what, {}).get(name, 0) for name in names] for source, counts in tree.items()}
        column.markdown(f"**{title}**")
        alt = f"Bars: records by {title.lower()}, by source."
        column.plotly_chart(draw_counts(names, parts, "records"), key=f"{key} {what}", alt=alt)
    rows = [
        {
            "source": source,
            "records": counts.get("records"),
            **{title: _listed(counts.get(what, {})) for what, title in _SMALL.items()},
        }
        for source, counts in tree.items()
    ]
    table = pd.DataFrame(rows)
    st.dataframe(table, hide_index=True, key=f"{key} small", alt="What the files are like, by source.")
    offer_table(table, f"{key}-files")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name}: {count:,}" for name, count in counts.items()) or "–"
