"""Questions about the chosen runs, answered beside the page; and which class and arms they are about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ecgssl_core.report.card import Section
from ecgssl_core.report.curves import MACRO
from ecgssl_core.report.wire import decode_section
from ecgssl_core.runs import open_run
from pages.parts.cache import reporter
from pages.parts.pending import already, awaited
from pages.parts.scored import Scored
from pages.parts.terms import help_on

CLASS = "class"  # in the address: the code of the class that is looked at
MEAN = "Mean over the classes"


@dataclass(frozen=True, eq=False)
class Asked:
    """The runs that a page is about, and how many replicates its intervals take."""

    runs: tuple[Scored, ...]
    replicates: int

    def facts(self) -> dict[str, Any] | None:
        """Give what controls are made from; None while it is not there yet.

        Raises:
            EcgError: these runs cannot stand in one table.
        """
        found: dict[str, Any] | None = self._ask(f"Reading {len(self.runs)} runs", "facts", {})
        return found

    def section(self, doing: str, question: str, **words: Any) -> Section | None:
        """Give a part of the report; None while it is not there yet, or where these runs have nothing for it.

        Raises:
            EcgError: these runs have no answer.
        """
        found = self._ask(doing, question, words)
        return found if isinstance(found, Section) else None

    def answered(self, question: str, **words: Any) -> bool:
        """Tell whether a question has its answer, be it that these runs have nothing for it."""
        return already(self._key(question, words)) is not None

    def report(self) -> dict[str, str] | None:
        """Give the whole report as HTML and Markdown; None while it is not there yet."""
        found: dict[str, str] | None = self._ask("Making the whole report", "report", {})
        return found

    def verdicts(self, arm: str, code: str) -> dict[str, str] | None:
        """Give by key what came of each record for a class; None while it is not there yet."""
        found: dict[str, str] | None = self._ask("Looking up what was said", "verdicts", {"arm": arm, "code": code})
        return found

    def said(self, arm: str, key: str) -> list[dict[str, Any]] | None:
        """Give what an arm said of a record; None while it is not there yet.

        Raises:
            EcgError: the arm was not scored on it.
        """
        found: list[dict[str, Any]] | None = self._ask("Looking up what was said", "said", {"arm": arm, "key": key})
        return found

    def _ask(self, doing: str, question: str, words: dict[str, Any]) -> Any:
        opened = [open_run(run.name) for run in self.runs]
        service = reporter()

        def work() -> tuple[Any]:
            found = service.ask(opened, self.replicates, question, **words)
            # wrapped: that these runs have nothing for it is an answer too
            return (decode_section(found) if isinstance(found, dict) and "drawings" in found else found,)

        answer = awaited(self._key(question, words), doing, work)
        return None if answer is None else answer[0]

    def _key(self, question: str, words: dict[str, Any]) -> tuple[object, ...]:
        stamps = tuple((run.name, run.changed) for run in self.runs)
        return ("report", stamps, self.replicates, question, json.dumps(words))


def choose_class(facts: Mapping[str, Any], mean: str = MEAN, first: str = MACRO) -> str:
    """Show the choice of a class, which the address names, and give its code, or MACRO.

    Args:
        facts: codes and names of the classes.
        mean: what MACRO is called; empty where it is no choice.
        first: what is chosen where the address names none.
    """
    names = ({MACRO: mean} if mean else {}) | dict(zip(facts["codes"], facts["names"], strict=True))
    codes = list(names)
    linked = st.query_params.get(CLASS, first)
    code: str = st.selectbox(
        "Class",
        codes,
        codes.index(linked if linked in codes else first),
        names.__getitem__,
        key=f"choose_class {mean}",
        help=help_on("Macro mean") if mean else None,
    )
    if code:
        st.query_params[CLASS] = code
    else:
        st.query_params.pop(CLASS, None)
    return code


def choose_arms(facts: dict[str, Any], key: str, most: int = 4) -> list[str]:
    """Show the choice of networks; the last of the paper's at first, which are the pretrained."""
    arms: list[str] = facts["networks"]
    chosen = st.multiselect("Arms", arms, facts["paper"][-most:], max_selections=7, key=key)
    return [arm for arm in arms if arm in chosen] or facts["paper"][-1:]
