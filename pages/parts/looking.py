"""A folder before it is packed: its records listed, some of them looked at, and what packing all of it would take."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ecgssl_core.corpus.budget import Budget, estimate_budget
from ecgssl_core.corpus.column_map import ColumnMap
from ecgssl_core.corpus.outlook import Outlook, outlook
from ecgssl_core.corpus.source import Source, open_source
from ecgssl_core.corpus.survey import Survey, survey_folder
from ecgssl_core.records import parse_answers
from pages.parts.keys import LOOKED
from pages.parts.pending import awaited, awaited_steps
from pages.parts.survey_table import show_outlook, show_survey

_COST = "cost"


def listed(folder: Path, labels: Path | None, columns: ColumnMap | None) -> Source | None:
    """Give a corpus with its records listed, or None while they are being listed: there may be a hundred thousand.

    Raises:
        CorpusError: there is no record, or the table cannot be used.
    """
    marks = tuple(path.stat().st_mtime_ns for path in (folder, labels) if path is not None)

    def work() -> Source:
        source = open_source(None, folder, labels, columns)
        source.entries  # noqa: B018 - listed once, and kept by the source
        return source

    return awaited(("listed", folder, labels, columns, marks), "Listing the records", work)


def look(source: Source, rate: int, leads: str, unit: str) -> None:
    """Show a sample of the folder when asked for, and what packing all of it would take.

    Args:
        source: the corpus, its records listed.
        rate: samples a second in the pack.
        leads: as `--leads` takes them; empty for all twelve.
        unit: of files that do not say theirs; empty if nobody said.

    Raises:
        EcgError: nothing could be looked at, or the unit is none.
    """
    place = (str(source.folder), str(source.labels), str(source.columns))
    with st.container(horizontal=True, vertical_alignment="center"):
        for count, key in ((12, "look_few"), (100, "look_many"), (1000, "look_most")):
            icon = ":material/visibility:" if count == 12 else None
            words = f"Look at {count:,} records" if count == 12 else f"at {count:,}"
            st.button(words, icon=icon, key=key, on_click=_ask, args=(LOOKED, (place, count)))
        asked = (place, rate, leads, unit)
        st.button("What will it take?", icon=":material/timer:", key="look_cost", on_click=_ask, args=(_COST, asked))
    if st.session_state.get(_COST) == asked:
        found = awaited((_COST, *asked), "Reading a sample", lambda: _budget(source, rate, leads, unit))
        if found is not None:
            st.info(found.sentence())
    chosen, count = st.session_state.get(LOOKED, ((), 0))
    if chosen == place:
        _show_looked(source, place, count)


def _show_looked(source: Source, place: tuple[str, ...], count: int) -> None:
    def work(said: Callable[[float], None]) -> tuple[Survey, Outlook]:
        survey = survey_folder(source, count, lambda done, of: said(done / of))
        return survey, outlook(source, survey.seen)

    found = awaited_steps(("looked", place, count), f"Looking at {min(count, len(source.entries)):,} records", work)
    if found is not None:
        show_survey(found[0])
        show_outlook(found[1])


def _budget(source: Source, rate: int, leads: str, unit: str) -> Budget:
    answers = parse_answers(unit or None)
    if not leads:
        return estimate_budget(source, rate, answers=answers)
    return estimate_budget(source, rate, answers=answers, leads=None if leads == "any" else leads.split(","))


def _ask(key: str, what: object) -> None:
    st.session_state[key] = what
