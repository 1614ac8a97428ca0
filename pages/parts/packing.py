"""What lies in a folder of records, and the command that packs it."""

import shlex
from collections import Counter
from pathlib import Path

import streamlit as st

from ecgssl_core.corpus.source import open_source
from ecgssl_core.errors import CorpusError

NO_TABLE = "none: ask the headers"


def show_folder(root: Path, folders: list[Path]) -> None:
    """Let a folder and a table be chosen, and show what is there with the command that packs it.

    Args:
        root: the data folder.
        folders: folders of records inside it.
    """
    left, middle, right = st.columns(3)
    name = left.selectbox("Folder", [path.name for path in folders], key="corpus_folder")
    tables = [NO_TABLE, *sorted(path.name for path in root.glob("*.csv"))]
    table = middle.selectbox(
        "Table of patients and diagnoses",
        tables,
        key="corpus_table",
        help="A CSV file in the data folder with a column `record`, and any of patient, age, sex, dx, strat_fold.",
    )
    rate = right.number_input("Rate in Hz", 50, 1000, 100, 50, key="corpus_rate", help="Samples a second in the pack.")
    labels = None if table == NO_TABLE else root / table
    try:
        source = open_source(None, root / name, labels)
        entries = source.entries
    except CorpusError as error:
        st.error(str(error))
        return
    parts = Counter(entry.source for entry in entries)
    listed = ", ".join(f"{part} {count:,}" for part, count in sorted(parts.items()))
    st.text(f"{len(entries):,} records, layout {source.name}: {listed}")
    words = ["python", "-m", "ecgssl_core", "pack", str(root / name), "--out", str(root / "packs" / name)]
    words += ["--rate", str(rate)] if rate != 100 else []
    words += ["--labels", str(labels)] if labels else []
    st.markdown("Run this where the program is installed. It can be stopped, and goes on where it was:")
    st.code(shlex.join(words), language="bash", wrap_lines=True)
