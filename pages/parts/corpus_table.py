"""A pack as the Corpora page shows it: sources, classes, people, and refused records."""

import pandas as pd
import streamlit as st

from ecgssl_core.corpus.labels import LabelSet, load_label_set
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.source import label_set_of
from ecgssl_core.corpus.summary import SEXES, by_source, people, prevalence
from ecgssl_core.corpus.together import co_occurrence
from ecgssl_core.plots.counts import draw_counts
from ecgssl_core.plots.together import draw_together
from pages.parts.pending import awaited
from pages.parts.table_file import offer_table
from pages.parts.terms import help_on

FEW = 10  # positives below which a class says little


def classes_of(pack: Pack) -> LabelSet:
    """Give the label set that a pack is best looked at with: its own, or that of its corpus."""
    return load_label_set(label_set_of(pack.path, str(pack.manifest.get("source", ""))))


def show_sources(pack: Pack) -> None:
    """Show what a pack holds as a whole, and source by source."""
    table = awaited(("sources", pack.digest), "Counting the records", lambda: by_source(pack))
    if table is None:
        return
    patients = int(pack.table["patient"].nunique())
    numbers = {
        "Records": f"{len(pack):,}",
        "Patients known": f"{patients:,}",
        "Hours": f"{table['hours'].sum():.1f}",
        "Rate": f"{pack.rate:g} Hz",
        "Refused": f"{len(pack.refused):,}",
    }
    with st.container(horizontal=True, gap="medium"):
        for label, value in numbers.items():
            st.metric(label, value, width="content")
    st.dataframe(
        table.assign(
            patients=table["patients"].map(lambda known: f"{known:,.0f}", na_action="ignore").fillna("unknown"),
            women=table["women"].round(2),  # whole per cent: more digits than the counts carry mislead
        ),
        hide_index=True,
        column_config={
            "patients": st.column_config.TextColumn(help="Unknown: nobody knows who is who; each record is its own."),
            "hours": st.column_config.NumberColumn(format="%.2f"),
            "shortest_s": st.column_config.NumberColumn("shortest, s", format="%.1f"),
            "longest_s": st.column_config.NumberColumn("longest, s", format="%.1f"),
            "rates_hz": st.column_config.TextColumn("rates of the files, Hz"),
            "median_age": st.column_config.NumberColumn("median age", format="%.0f"),
            "women": st.column_config.ProgressColumn("women", format="percent", help="Among those whose sex is known."),
        },
        placeholder="–",
        alt="Records, patients, hours, rates, age and sex, by source.",
    )
    offer_table(table, f"{pack.name}-sources")
    st.caption(f"Digest {pack.digest[:16]}, packed from {pack.manifest.get('folder', 'a folder')}")


def show_classes(pack: Pack) -> None:
    """Show how often each scored class occurs, source by source."""
    table = awaited(("classes", pack.digest), "Counting the classes", lambda: prevalence(pack, classes_of(pack)))
    if table is None:
        return
    sources = {name: table[name].tolist() for name in sorted(set(pack.table["source"]))}
    if not table["records"].any():
        st.info("No record of this pack has a scored diagnosis: it serves for pretraining.")
        return
    figure = draw_counts(table["class"].tolist(), sources, "records", table["name"].tolist())
    st.plotly_chart(figure, key="classes", alt="Bars: records of each class, by source; the same numbers stand below.")
    enough = int((table["records"] >= FEW).sum())
    st.caption(f"{enough} of {len(table)} classes have at least {FEW} records.", help=help_on("Support"))
    shown = {name: f"from {name}" for name in sources} | {"records": "records in all", "unknown": "nobody has said"}
    st.dataframe(table, hide_index=True, column_config=shown, alt="Records of each class, by source.")
    offer_table(table, f"{pack.name}-classes")


def show_people(pack: Pack) -> None:
    """Show ages and sexes."""
    table = awaited(("people", pack.digest), "Counting people", lambda: people(pack))
    if table is None:
        return
    counts = {sex: table[sex].tolist() for sex in SEXES if table[sex].any()}
    figure = draw_counts(table["age"].tolist(), counts, "records")
    st.plotly_chart(figure, key="people", alt="Bars: records of each age band, by sex; the same numbers stand below.")
    st.dataframe(table, hide_index=True, alt="Records of each age band, by sex.")
    offer_table(table, f"{pack.name}-people")


def show_together(pack: Pack) -> None:
    """Show which classes occur together."""
    found = awaited(("together", pack.digest), "Counting pairs", lambda: co_occurrence(pack, classes_of(pack)))
    if found is None:
        return
    names, counts = found
    if len(names) < 2:
        st.info("Fewer than two classes occur in this pack.")
        return
    st.plotly_chart(
        draw_together(names, counts), key="together", alt="How often each class occurs with each other one."
    )
    offer_table(pd.DataFrame(counts, names, names), f"{pack.name}-together", index_label="class")


def show_refused(pack: Pack) -> None:
    """Show which records were left out and why, to be downloaded too."""
    if pack.refused.empty:
        st.success("Every record of the folder was packed.")
        return
    st.dataframe(pack.refused, hide_index=True, alt="Records that were left out, and why.")
    offer_table(pack.refused, f"{pack.name}-refused", "Refused records (CSV)")
