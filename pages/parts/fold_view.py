"""How a pack is divided: its folds as a picture, the search for leaks as another, and a form that draws new ones."""

import numpy as np
import pandas as pd
import streamlit as st

from ecgssl_core.corpus.audit import KINDS, Audit, audit
from ecgssl_core.corpus.folds import FOLDS, Folds, make_folds, read_folds
from ecgssl_core.corpus.leaks import WORDS
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.persons import patients_unknown
from ecgssl_core.corpus.summary import by_fold
from ecgssl_core.errors import CorpusError
from ecgssl_core.plots.balance import draw_balance
from ecgssl_core.plots.counts import draw_counts
from pages.parts.corpus_table import classes_of
from pages.parts.pending import awaited, forget
from pages.parts.table_file import offer_table
from pages.parts.terms import help_on

_ASKED = "folds to draw"


def show_folds(pack: Pack) -> None:
    """Show the folds, and what belongs together and lies apart; without folds, the form that draws them."""
    drawn = _drawn(pack)
    if not (pack.path / FOLDS).exists():
        st.info("This pack has no folds yet. They are drawn by patient, stratified within each source.")
        _draw_folds(pack, "Draw folds")
        return
    try:
        written = (pack.path / FOLDS).stat().st_mtime_ns
        folds = awaited(("read folds", pack.digest, written), "Reading the folds", lambda: read_folds(pack))
        if folds is None:
            return
        found = awaited(("audit", pack.digest, folds.digest), "Looking for leaks", lambda: audit(pack, folds))
        table = awaited(
            ("by fold", pack.digest, folds.digest),
            "Counting the folds",
            lambda: by_fold(pack, folds, classes_of(pack)),
        )
    except CorpusError as error:
        st.error(str(error))
        _draw_folds(pack, "Draw folds anew")
        return
    if drawn:
        st.toast(f"{folds.count} folds are drawn.", icon=":material/check:")
    if unknown := patients_unknown(pack):
        st.caption(f"{unknown[0].upper()}{unknown[1:]}.")
    if found is not None:
        _show_audit(pack, found)
    if table is not None:
        _show_balance(pack, table)
    st.caption(f"Digest of the folds {folds.digest[:16]}")
    st.page_link("pages/train.py", label="Train on this pack", icon=":material/model_training:")
    with st.expander("Draw other folds", icon=":material/casino:"):
        st.warning("Runs and models that were scored on the folds of now cannot be compared with those on others.")
        _draw_folds(pack, "Draw folds anew")


def _show_audit(pack: Pack, found: Audit) -> None:
    st.markdown("**Leaks**", help=help_on("Leak"))
    if found.leaks:
        st.error(f"{len(found.leaks)} ties between records go across folds; training on these folds is refused.")
        rows = [{"tie": WORDS[leak.kind], "records": leak.keys, "folds": list(leak.folds)} for leak in found.leaks]
        st.dataframe(pd.DataFrame(rows), hide_index=True)
        offer_table(pd.DataFrame(rows).astype(str), f"{pack.name}-leaks")
    else:
        st.success("No patient, signal, double recording or near copy is in two folds.")
    if any(found.kept) or any(found.cut):
        names = list(KINDS.values())
        figure = draw_counts(names, {"kept in one fold": found.kept, "cut: a leak": found.cut}, "ties")
        st.plotly_chart(
            figure,
            key="audit",
            alt="Bars: ties between records by kind, kept in one fold or cut; the same numbers stand below.",
        )
    table = pd.DataFrame({"records that are": list(KINDS.values()), "kept in one fold": found.kept, "cut": found.cut})
    st.dataframe(table, hide_index=True, alt="Ties between records by kind, kept and cut.")
    offer_table(table, f"{pack.name}-audit")


def _show_balance(pack: Pack, table: pd.DataFrame) -> None:
    st.markdown("**Folds**", help=help_on("Fold"))
    names = [column for column in table if column != "fold"]
    counts = table[names].to_numpy(dtype=np.int64).T
    st.plotly_chart(
        draw_balance(names, counts),
        key="balance",
        alt="A square: what share of the records, groups and classes each fold holds; the same numbers stand below.",
    )
    st.caption(
        f"Even shares are {1 / len(table):.0%} each. Groups: what is never divided, a patient or a single record."
    )
    with st.expander("As a table"):
        st.dataframe(table, hide_index=True, alt="Records, groups and classes of each fold.")
    offer_table(table, f"{pack.name}-folds")


def _draw_folds(pack: Pack, label: str) -> None:
    published = bool(pack.table["published_fold"].notna().any())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.number_input("Folds", 3, 20, 10, key="fold_count", width=140, help=help_on("Fold"))
        seed = st.number_input(
            "Seed", 0, 2**31 - 1, 0, key="fold_seed", width=140, help="Breaks ties; the same seed, the same folds."
        )
        keep = st.checkbox(
            "Keep published folds",
            True,
            key="fold_published",
            disabled=not published or count != 10,
            help="Where every record of a source has one of ten published folds.",
        )
        st.button(label, type="primary", key="draw_folds", on_click=_ask, args=(pack.digest,))
    st.caption(
        "A patient, copies of a signal and near copies stay in one fold; within each source classes, sex, age and "
        "length are spread evenly. Each fold is scored once, the next one decides on thresholds, the others train."
    )
    anew = "" if keep else " --anew"
    command = f"python -m ecgssl_core folds '{pack.path}' --count {count} --seed {seed}{anew}"
    st.code(command, language="bash", wrap_lines=True)


def _drawn(pack: Pack) -> bool:
    """Draw the folds that were asked for; tell whether that was done just now."""
    asked = st.session_state.get(_ASKED)
    if asked is None or asked[0] != pack.digest:
        return False
    _, count, seed, keep = asked
    try:
        made: Folds | None = awaited(
            ("folds", *asked), "Drawing folds", lambda: make_folds(pack, count, seed, keep or count != 10)
        )
    except CorpusError as error:
        st.session_state.pop(_ASKED)
        st.error(str(error))
        return False
    if made is None:
        return False
    st.session_state.pop(_ASKED)
    forget(("folds", *asked))
    return True


def _ask(digest: str) -> None:
    # what stands in the widgets now, which may have changed in the very run that the click belongs to
    count, seed, keep = (st.session_state[key] for key in ("fold_count", "fold_seed", "fold_published"))
    st.session_state[_ASKED] = (digest, int(count), int(seed), bool(keep))
