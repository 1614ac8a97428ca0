"""A folder of records: what is in it, and its packing, which goes on without this page."""

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from ecgssl_core.corpus.column_map import ColumnMap
from ecgssl_core.corpus.known import told_of_table
from ecgssl_core.corpus.source import Source
from ecgssl_core.corpus.watch import PART, Packing, packings, stop_packing
from ecgssl_core.errors import EcgError
from ecgssl_core.jobs.launch import COMMAND, let_run
from pages.parts.column_choice import choose_columns, column_words
from pages.parts.keys import PACK, PACKINGS
from pages.parts.looking import listed, look
from pages.parts.names import shown_name
from pages.parts.words_of_time import spoken

NO_TABLE = "none: ask the headers"
LEADS = ("all twelve", "those that most records have", "I, II", "I", "II")
_LEAD_WORDS = {"all twelve": "", "those that most records have": "any"}


@dataclass(frozen=True)
class Choice:
    """What is to be packed, and how, as the page's controls say it."""

    folder: Path
    labels: Path | None
    rate: int
    leads: str
    unit: str
    columns: ColumnMap | None

    def words(self, out: Path) -> list[str]:
        """Give the words of the command that packs it."""
        words = ["pack", str(self.folder), "--out", str(out)]
        words += ["--rate", str(self.rate)] if self.rate != 100 else []
        words += ["--leads", self.leads] if self.leads else []
        words += ["--unit", self.unit] if self.unit else []
        words += ["--labels", str(self.labels)] if self.labels else []
        return [*words, "--columns", column_words(self.columns)] if self.columns and self.labels else words


def show_folder(root: Path, folders: list[Path]) -> None:
    """Let a folder and a table be chosen; show what is there, and pack it.

    Args:
        root: the data folder.
        folders: folders of records inside it.
    """
    choice = _choose(root, folders)
    try:
        source = listed(choice.folder, choice.labels, choice.columns)
        if source is None:
            return
        parts = Counter(entry.source for entry in source.entries)
        words = ", ".join(f"{part} {count:,}" for part, count in sorted(parts.items()))
        st.text(f"{len(source.entries):,} records, layout {source.name}: {words}")
        _show_table(source, choice)
        look(source, choice.rate, choice.leads, choice.unit)
    except EcgError as error:
        st.error(str(error))
        return
    out = root / "packs" / choice.folder.name
    words = choice.words(out)
    with st.container(horizontal=True, vertical_alignment="center"):
        label = "Pack what is new" if out.exists() else "Pack"
        running = any(one.name == out.name and one.alive for one in packings(root))
        if st.button(label, type="primary", icon=":material/inventory_2:", disabled=running, key="pack_now"):
            start(root, out, words)
            st.rerun()
        st.caption("It goes on when this page is closed. The same command, to be run by hand:", width="content")
    st.code(shlex.join(["python", "-m", "ecgssl_core", *words]), language="bash", wrap_lines=True)


def _show_table(source: Source, choice: Choice) -> None:
    if choice.labels and source.has_records_table:
        patients = {entry.patient for entry in source.entries} - {None}
        labelled = sum(entry.codes is not None for entry in source.entries)
        remark = told_of_table(source.entries, choice.labels, choice.columns)
        st.caption(f"The table knows {len(patients):,} patients and labels {labelled:,} of the records. {remark}")


def start(root: Path, out: Path, words: Sequence[str]) -> None:
    """Start packing in a process of its own; its words are kept beside the pack, to go on with."""
    # the unfinished pack is there at once, for the page to see
    out.with_name(f"{out.name}{PART}").mkdir(parents=True, exist_ok=True)
    (root / "packs" / f"{out.name}.words").write_text(shlex.join(words))
    log = root / "packs" / f"{out.name}.log"
    log.write_bytes(b"")
    let_run([*COMMAND, *words], log, root)


def show_packings(root: Path) -> None:
    """Show how far unfinished packs are, with a way to stop or to go on; the page is drawn anew when one ends."""
    if packings(root):
        _watch(root)


@st.fragment(run_every=1.0)
def _watch(root: Path) -> None:
    unfinished = packings(root)
    names = [one.name for one in unfinished]
    before = st.session_state.get(PACKINGS, names)
    st.session_state[PACKINGS] = names
    for one in unfinished:
        _show_packing(root, one)
    if set(before) - set(names):
        for name in sorted(set(before) - set(names)):
            st.toast(f"{shown_name(name)}: {shown_name(_last_words(root, name), 300)}", duration="long")
            if (root / "packs" / name).is_dir():
                st.session_state[PACK] = name  # what was packed is what is looked at next
        st.rerun()


def _choose(root: Path, folders: list[Path]) -> Choice:
    left, middle, right = st.columns(3)
    name = left.selectbox("Folder", [path.name for path in folders], key="corpus_folder")
    tables = [NO_TABLE, *sorted(path.name for path in root.iterdir() if path.suffix in (".csv", ".tsv"))]
    table = middle.selectbox(
        "Table of patients and diagnoses",
        tables,
        key="corpus_table",
        help="A CSV or TSV file in the data folder with a line for each record; its columns may have any names.",
    )
    rate = right.number_input("Rate in Hz", 50, 1000, 100, 50, key="corpus_rate", help="Samples a second in the pack.")
    leads = left.selectbox("Leads", LEADS, key="corpus_leads", help="A record without these leads is left out.")
    unit = middle.text_input(
        "Unit, where files say none", key="corpus_unit", placeholder="uV", help="mV, uV, nV, V, or a size: 4.88uV."
    )
    labels = None if table == NO_TABLE else root / table
    columns = choose_columns(labels) if labels else None
    words = _LEAD_WORDS.get(leads, leads.replace(" ", ""))
    return Choice(root / name, labels, int(rate), words, unit.strip(), columns)


def _show_packing(root: Path, one: Packing) -> None:
    with st.container(border=True):
        share = one.done / one.total if one.total else 0.0
        left = f", about {spoken(one.left_s)} left" if one.left_s is not None else ""
        words = _last_words(root, one.name)
        if not one.alive and not words and not one.total:
            st.markdown(f"**{shown_name(one.name)}** is starting …")
            return
        state = "is being packed" if one.alive else "is not finished"
        st.progress(min(share, 1.0), f"**{shown_name(one.name)}** {state}: {one.done:,} of {one.total:,} records{left}")
        if one.alive:
            st.button("Stop", key=f"stop {one.name}", on_click=stop_packing, args=(root, one.name))
            return
        st.text(words)
        kept = root / "packs" / f"{one.name}.words"
        if kept.is_file() and st.button("Go on", key=f"go on {one.name}"):
            start(root, root / "packs" / one.name, shlex.split(kept.read_text()))


def _last_words(root: Path, name: str) -> str:
    log = root / "packs" / f"{name}.log"
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()] if log.is_file() else []
    packed = [line for line in lines if " records packed and " in line]
    return (packed or lines or [""])[-1][:300]
