"""Which runs and sweeps Train shows: the newest first, filtered by words, state and preset, a few at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.jobs import SweepState, sweep_state
from ecgssl_core.runs import Glance, Stage, open_sweep, sweep_names
from pages.parts.names import shown_name

FEW = 8
MORE = 20
SHOWN = "train_shown"
STATES: tuple[str, ...] = get_args(Stage)
Unit = Glance | SweepState


@dataclass(frozen=True)
class Filter:
    """What is looked for: words, states and presets; what is empty lets everything through."""

    words: tuple[str, ...]
    states: tuple[str, ...]
    presets: tuple[str, ...]

    def takes(self, unit: Unit) -> bool:
        """Tell whether a run, or one of a sweep's, is looked for."""
        if isinstance(unit, SweepState):
            named = all(word in unit.name.lower() for word in self.words)
            rest = Filter(() if named else self.words, self.states, self.presets)
            return any(one is not None and rest.takes(one) for one in unit.parts.values())
        state = unit.state.state if unit.state else ""
        preset = unit.settings.preset if unit.settings else ""
        text = _text(unit)
        return (
            all(word in text for word in self.words)
            and (not self.states or state in self.states)
            and (not self.presets or preset in self.presets)
        )


def filter_row(runs: Sequence[Glance]) -> Filter:
    """Draw the filters, and give what they stand at; they stand in the address too."""
    first, second, third = st.columns([2, 2, 2])
    words = first.text_input(
        "Find runs",
        key="find",
        type="search",
        live=True,
        bind="query-params",
        placeholder="name, arm, pack, note or tag",
    )
    states = second.multiselect("State", STATES, key="state", bind="query-params", placeholder="All")
    known = sorted({one.settings.preset for one in runs if one.settings and one.settings.preset})
    st.session_state["of_preset"] = [one for one in st.session_state.get("of_preset", []) if one in known]
    presets = third.multiselect("Presets", known, key="of_preset", placeholder="All")
    return Filter(tuple((words or "").lower().split()), tuple(states), tuple(presets))


def units_of(runs: Sequence[Glance], root: Path) -> list[Unit]:
    """Give sweeps, and the runs that belong to none, the newest first; a damaged sweep is a sentence on the page."""
    known = {one.name: one for one in runs}
    sweeps: list[SweepState] = []
    for name in sweep_names(root):
        try:
            sweeps.append(sweep_state(open_sweep(name, root), known, root))
        except EcgError as error:
            st.error(shown_name(str(error), 300))
    inside = {one.name for sweep in sweeps for one in sweep.parts.values() if one is not None}
    shown: list[Unit] = [sweep for sweep in sweeps if any(sweep.parts.values())]
    shown += [one for one in runs if one.name not in inside]
    return sorted(shown, key=_age(runs), reverse=True)


def queue_places(runs: Sequence[Glance]) -> Mapping[str, int]:
    """Give how many runs wait before each that waits, by its name."""
    waiting = [one.name for one in reversed(runs) if one.state and one.state.state == "queued"]
    return {name: place for place, name in enumerate(waiting)}


def summary(runs: Sequence[Glance]) -> str:
    """Give how many runs work, wait and ended, in words."""
    states = [one.state.state if one.state else "damaged" for one in runs]
    counts = [(states.count(state), state) for state in (*STATES, "damaged") if state in states]
    return ", ".join(f"{count} {state}" for count, state in counts)


def _age(runs: Sequence[Glance]) -> "_Age":
    return _Age({one.name: place for place, one in enumerate(reversed(runs))})


@dataclass(frozen=True)
class _Age:
    """When something began, as its place among all runs; a sweep is as old as its newest run."""

    places: Mapping[str, int]

    def __call__(self, unit: Unit) -> int:
        names = [one.name for one in unit.parts.values() if one] if isinstance(unit, SweepState) else [unit.name]
        return max(self.places.get(name, 0) for name in names)


def _text(one: Glance) -> str:
    settings = one.settings
    about = [settings.preset, settings.arm, settings.scored_on, settings.data.pack] if settings else []
    return " ".join([one.name, *about, one.remarks.note, *one.remarks.tags]).lower()
