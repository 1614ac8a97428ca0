"""What a model says of many records, worked out in groups, with a share of what is done and a way to stop."""

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from threading import Event

import streamlit as st

from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.inference.service import PredictionService
from ecgssl_core.records import Record, is_scaled
from pages.parts.batch_table import Answered
from pages.parts.cache import asked_of, looked_already, predicted_already, service
from pages.parts.keys import BATCH
from pages.parts.pending import awaited_steps, forget
from pages.parts.quality_row import is_anyway

GROUP = 4  # records that are asked about at once: few enough for others to come between
Key = tuple[Hashable, ...]  # what an answer depends on; whether it is one against the rules stands last


def answers_of(records: Sequence[Record], model: Path) -> dict[int, Answered] | None:
    """Give what is known of records by their places; None, and a line that says so, while it is worked out.

    What was stopped early is a part of it, and a button offers to go on.

    Raises:
        BundleError: the model is damaged or missing.
        OwnFault: the process that predicts died.
    """
    keys = [asked_of(record, model, is_anyway(record)) for record in records]
    kept = _kept(keys)
    _take_known(records, keys, model, kept)
    missing = [(key, record) for key, record in dict(zip(keys, records, strict=True)).items() if key not in kept]
    work = ("batch", *keys)
    if missing and work not in _stopped():
        stop, warm = _stop_of(work), service()
        doing = f"Asking the model about {len(missing)} record{'s' * (len(missing) != 1)}"
        if awaited_steps(work, doing, lambda said: _answer(warm, model, missing, kept, stop, said), stop.set) is None:
            return None
        forget(work)
        if stop.is_set():
            _stopped().add(work)
    if work in _stopped():
        left = sum(key not in kept for key in keys)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Stopped: {left} of {len(keys)} records are still waiting.", width="content")
            st.button("Go on", key="batch on", on_click=_go_on, args=(work,), icon=":material/play_arrow:")
    return {place: kept[key] for place, key in enumerate(keys) if key in kept}


def _answer(
    warm: PredictionService,
    model: Path,
    missing: Sequence[tuple[Key, Record]],
    kept: dict[Key, Answered],
    stop: Event,
    said: Callable[[float], None],
) -> bool:
    """Work out what is missing and keep it, group by group, until all is there or somebody stops it."""
    for first in range(0, len(missing), GROUP):
        group = missing[first : first + GROUP]
        predictions = _predictions(warm, model, group)
        for place, (key, record) in enumerate(group, first + 1):
            if stop.is_set():
                return True
            looked = warm.looked(record) if is_scaled(record) else (None, None)
            kept[key] = Answered(predictions[key], *looked)
            said(place / len(missing))
    return True


def _predictions(warm: PredictionService, model: Path, group: Sequence[tuple[Key, Record]]) -> dict[Key, Prediction]:
    """Give what the model says of each record of a group, asked at once of those that go by the same rules."""
    found: dict[Key, Prediction] = {}
    for anyway in (False, True):
        part = {key: record for key, record in group if key[-1] is anyway}
        if part:
            found |= zip(part, warm.predict(model, list(part.values()), anyway=anyway), strict=True)
    return found


def _take_known(records: Sequence[Record], keys: Sequence[Key], model: Path, kept: dict[Key, Answered]) -> None:
    """Take over what the page above has asked already."""
    for key, record in zip(keys, records, strict=True):
        if key in kept:
            continue
        prediction, looked = predicted_already(record, model, bool(key[-1])), looked_already(record)
        if prediction is not None and (looked is not None or not is_scaled(record)):
            kept[key] = Answered(prediction, *(looked or (None, None)))


def _kept(keys: Sequence[Key]) -> dict[Key, Answered]:
    """Give what the session knows of these records; what it knew of others is forgotten."""
    kept: dict[Key, Answered] = st.session_state.setdefault(BATCH, {})
    known = set(keys)
    for key in [key for key in list(kept) if key not in known]:  # a list: work may be adding to it
        del kept[key]
    return kept


def _stop_of(work: Hashable) -> Event:
    """Give what stops this work; what was begun for other files, or other answers, is stopped, for nobody waits."""
    stops: dict[Hashable, Event] = st.session_state.setdefault(f"{BATCH} stop", {})
    for other in [other for other in stops if other != work]:
        stops.pop(other).set()
        forget(other)
    return stops.setdefault(work, Event())


def _stopped() -> set[Hashable]:
    stopped: set[Hashable] = st.session_state.setdefault(f"{BATCH} stopped", set())
    return stopped


def _go_on(work: Hashable) -> None:
    _stopped().discard(work)
    st.session_state[f"{BATCH} stop"].pop(work, None)
