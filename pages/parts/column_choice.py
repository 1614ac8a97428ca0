"""A table of one's own: what its columns are taken to say, to be put right, and its first lines."""

from dataclasses import fields
from pathlib import Path

import pandas as pd
import streamlit as st

from ecgssl_core.corpus.column_map import ColumnMap, guess_columns, open_table
from ecgssl_core.errors import CorpusError

NOTHING = "–"
_SHOWN = 5
_SIGNS = {"": "one label a cell", ",": "comma", ";": "semicolon", "|": "|"}
_HELP = {
    "record": "File name or path below the folder, with or without its ending.",
    "patient": "Records of one patient never stand in two folds.",
    "age": "In years.",
    "sex": "In words, such as F or male.",
    "fold": "A published fold, from 1.",
}


def choose_columns(table: Path) -> ColumnMap | None:
    """Show what is guessed of a table's columns, and let it be changed; None if the table cannot be used.

    Args:
        table: CSV or TSV with a line of names.
    """
    try:
        with open_table(table) as reader:
            names = [name for name in reader.fieldnames or () if name]
            lines = [line for line, _ in zip(reader, range(_SHOWN), strict=False)]
    except CorpusError as error:
        st.error(str(error))
        return None
    guess = _guessed(table, names)
    with st.expander("What its columns say", icon=":material/table:", expanded=not guess.patient or not guess.labels):
        st.dataframe(pd.DataFrame(lines, columns=names), hide_index=True, key=f"lines {table.name}")
        places = st.columns(len(_HELP))
        said = {
            what: _one(place, table.name, what, names, getattr(guess, what))
            for place, what in zip(places, _HELP, strict=True)
        }
        wide, narrow = st.columns([4, 1])
        labels = wide.multiselect(
            "labels",
            names,
            [name for name in guess.labels if name in names],
            key=f"labels {table.name}",
            help="One column with labels in words or codes, or a column of 0 and 1 for each class.",
        )
        signs = list(_SIGNS)
        at = signs.index(guess.separator) if guess.separator in signs else 0
        sign = narrow.selectbox("between labels", signs, at, _SIGNS.__getitem__, key=f"separator {table.name}")
    return ColumnMap(labels=tuple(labels), separator=sign if len(labels) == 1 else "", **said)


def column_words(columns: ColumnMap) -> str:
    """Give a map as the words that `--columns` takes."""
    words = []
    for field in fields(columns):
        value = getattr(columns, field.name)
        said = "|".join(value) if field.name == "labels" else value
        words += [f"{field.name}={'comma' if said == ',' else said}"] if said else []
    return ",".join(words)


def _one(place: "st.delta_generator.DeltaGenerator", table: str, what: str, names: list[str], guess: str) -> str:
    options = names if what == "record" else [NOTHING, *names]
    at = options.index(guess) if guess in options else 0
    chosen = place.selectbox(what, options, at, key=f"{what} {table}", help=_HELP[what])
    return "" if chosen in (NOTHING, None) else str(chosen)


def _guessed(table: Path, names: list[str]) -> ColumnMap:
    try:
        return guess_columns(table)
    except CorpusError:
        return ColumnMap(record=names[0])  # none of its names says which column names the records: a person does
