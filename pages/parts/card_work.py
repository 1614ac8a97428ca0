"""The report of chosen runs, made in a thread of its own while the page is already there."""

from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field

import streamlit as st

from ecgssl_core.report.card import Card
from ecgssl_core.report.make import card_of, study_of
from ecgssl_core.report.study import Study
from ecgssl_core.runs import open_run
from pages.parts.cache import card_work, card_worker

FEW, MANY = 200, 2000
_PATIENCE_S = 0.15


@dataclass
class CardWork:
    """What is being made, and what becomes of it."""

    doing: str = "reading the runs"
    made: "Future[tuple[Study, Card]]" = field(default_factory=Future)


def report_of(names: list[str], replicates: int) -> tuple[Study, Card] | None:
    """Give the report of runs once it is made; until then draw what is being done, look again each second, give None.

    Raises:
        EcgError: these runs have no report.
    """
    stamps = tuple((name, open_run(name).path.stat().st_mtime_ns) for name in sorted(names))
    work: CardWork = card_work(stamps, replicates, _start)
    try:
        return work.made.result(_PATIENCE_S)
    except NotYet:
        _wait(work)
        return None


def _start(names: tuple[str, ...], replicates: int) -> CardWork:
    work = CardWork()

    def make() -> tuple[Study, Card]:
        study = study_of([open_run(name) for name in names], replicates)
        return study, card_of(study, lambda what: setattr(work, "doing", what))

    work.made = card_worker().submit(make)
    return work


def _wait(work: CardWork) -> None:
    @st.fragment(run_every=1)
    def look() -> None:
        if work.made.done():
            st.rerun()
        st.info(f"The report is being made: {work.doing} …", icon=":material/hourglass_top:")

    look()
