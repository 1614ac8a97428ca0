"""A pack as the Corpora page shows it: sources, classes, people, folds with their leaks, and refused records."""

import pandas as pd
import streamlit as st

from ecgssl_core.corpus.folds import FOLDS, make_folds, read_folds
from ecgssl_core.corpus.labels import LabelSet, load_label_set
from ecgssl_core.corpus.leaks import WORDS, find_leaks
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.source import label_set_of
from ecgssl_core.corpus.summary import SEXES, by_fold, by_source, people, prevalence
from ecgssl_core.corpus.together import co_occurrence
from ecgssl_core.errors import CorpusError
from ecgssl_core.plots.counts import draw_counts
from ecgssl_core.plots.together import draw_together

FEW = 10  # positives below which a class says little
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would run a cell that begins so


def classes_of(pack: Pack) -> LabelSet:
    """Give the label set that a pack is best looked at with: its own, or that of its corpus."""
    return load_label_set(label_set_of(pack.path, str(pack.manifest.get("source", ""))))


def show_sources(pack: Pack) -> None:
    """Show what a pack holds as a whole, and source by source."""
    table = by_source(pack)
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
            patients=table["patients"].map(lambda known: f"{known:,.0f}", na_action="ignore").fillna("unknown")
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
    )
    st.caption(f"Digest {pack.digest[:16]}, packed from {pack.manifest.get('folder', 'a folder')}")


def show_classes(pack: Pack) -> None:
    """Show how often each scored class occurs, source by source."""
    table = prevalence(pack, classes_of(pack))
    sources = {name: table[name].tolist() for name in sorted(set(pack.table["source"]))}
    if not table["records"].any():
        st.info("No record of this pack has a scored diagnosis: it serves for pretraining.")
        return
    figure = draw_counts(table["class"].tolist(), sources, "records", table["name"].tolist())
    st.plotly_chart(figure, key="classes", alt="Bars: records of each class, by source; the same numbers stand below.")
    enough = int((table["records"] >= FEW).sum())
    st.caption(f"{enough} of {len(table)} classes have at least {FEW} records.")
    st.dataframe(table, hide_index=True)


def show_people(pack: Pack) -> None:
    """Show ages and sexes."""
    table = people(pack)
    counts = {sex: table[sex].tolist() for sex in SEXES if table[sex].any()}
    figure = draw_counts(table["age"].tolist(), counts, "records")
    st.plotly_chart(figure, key="people", alt="Bars: records of each age band, by sex; the same numbers stand below.")
    st.dataframe(table, hide_index=True)


def show_folds(pack: Pack) -> None:
    """Show the folds, and what belongs together and lies apart; without folds, the command that draws them."""
    if not (pack.path / FOLDS).exists():
        st.info("This pack has no folds yet. They are drawn by patient, stratified within each source.")
        _draw_folds(pack)
        st.code(f"python -m ecgssl_core folds '{pack.path}'", language="bash", wrap_lines=True)
        return
    try:
        folds = read_folds(pack)
    except CorpusError as error:
        st.error(str(error))
        return
    leaks = find_leaks(pack, folds)
    if leaks:
        st.error(f"{len(leaks)} ties between records go across folds; training on these folds is refused.")
        rows = [{"tie": WORDS[leak.kind], "records": leak.keys, "folds": list(leak.folds)} for leak in leaks]
        st.dataframe(pd.DataFrame(rows), hide_index=True)
    else:
        st.success("No patient, signal, double recording or near copy is in two folds.")
    st.dataframe(by_fold(pack, folds, classes_of(pack)), hide_index=True)
    st.caption(f"Digest of the folds {folds.digest[:16]}")
    st.page_link("pages/train.py", label="Train on this pack", icon=":material/model_training:")


def _draw_folds(pack: Pack) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.number_input("Folds", 3, 20, 10, key="fold_count", width=140)
        if st.button("Draw folds", type="primary", key="draw_folds"):
            try:
                with st.spinner("Drawing folds …"):
                    make_folds(pack, int(count))
            except CorpusError as error:
                st.error(str(error))
            else:
                st.rerun()


def show_together(pack: Pack) -> None:
    """Show which classes occur together."""
    names, counts = co_occurrence(pack, classes_of(pack))
    if len(names) < 2:
        st.info("Fewer than two classes occur in this pack.")
        return
    st.plotly_chart(
        draw_together(names, counts), key="together", alt="How often each class occurs with each other one."
    )
    st.download_button(
        "Download",
        pd.DataFrame(counts, names, names).to_csv(index_label="class"),
        f"{pack.name}-together.csv",
        "text/csv",
        on_click="ignore",
    )


def show_refused(pack: Pack) -> None:
    """Show which records were left out and why, to be downloaded too."""
    if pack.refused.empty:
        st.success("Every record of the folder was packed.")
        return
    st.dataframe(pack.refused, hide_index=True)
    text = pack.refused.map(lambda cell: f"'{cell}" if cell.startswith(FORMULA) else cell).to_csv(index=False)
    name = f"{pack.name}-refused.csv"
    st.download_button("Download", text, name, "text/csv", on_click="ignore", icon=":material/download:")
