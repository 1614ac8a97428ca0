"""What is kept between reruns: for all only what the workbench and its data hold, for a session what its owner gave."""

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import streamlit as st

from ecgssl_core.inference.card import read_card
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.inference.service import PredictionService
from ecgssl_core.records import Intervals, Reading, Record, measure, read_isolated
from pages.parts.keys import INTERVALS, PREDICTIONS, READINGS
from pages.parts.samples import sample_files

_KEPT = 4  # uploads of a session; the oldest is forgotten


@st.cache_resource(show_spinner=False)
def service() -> PredictionService:
    """Give the process that predicts, for all sessions; it starts warming up."""
    warm = PredictionService()
    warm.warm()
    return warm


@st.cache_resource(show_spinner="Reading the sample …")
def sample_record(name: str) -> Record:
    """Give a sample recording that comes with the workbench."""
    return read_isolated(sample_files(name)).records[0]


@st.cache_resource(show_spinner=False)
def card_worker() -> ThreadPoolExecutor:
    """Give the one thread that makes reports, one after the other, for all sessions."""
    return ThreadPoolExecutor(1, "report")


@st.cache_resource(show_spinner=False, max_entries=6)
def card_work(stamps: tuple[tuple[str, int], ...], replicates: int, _start: Callable[..., Any]) -> Any:
    """Give the work on the report of runs, begun once for all sessions.

    Args:
        stamps: names of the runs, and when their folders last changed.
        replicates: of the bootstrap.
        _start: begins the work, given names and replicates.
    """
    return _start(tuple(name for name, _ in stamps), replicates)


def read_upload(files: Mapping[str, bytes]) -> Reading:
    """Give what uploaded files hold, read in a process of its own; the same files are read once a session."""
    content = hashlib.sha256()
    for name in sorted(files):
        content.update(f"{name}\0{len(files[name])}\0".encode())
        content.update(files[name])
    kept: dict[str, Reading] = st.session_state.setdefault(READINGS, {})
    if content.hexdigest() not in kept:
        with st.spinner("Reading …"):
            kept[content.hexdigest()] = read_isolated(files)
        for oldest in list(kept)[:-_KEPT]:
            del kept[oldest]
    return kept[content.hexdigest()]


def measured(record: Record) -> Intervals:
    """Give the intervals of a record, measured once a session."""
    kept: dict[str, Intervals] = st.session_state.setdefault(INTERVALS, {})
    if record.digest not in kept:
        with st.spinner("Measuring …"):
            kept[record.digest] = measure(record)
        for oldest in list(kept)[:-_KEPT]:
            del kept[oldest]
    return kept[record.digest]


def predicted(record: Record, model: Path) -> Prediction:
    """Give what a model says of a record, asked once a session.

    Raises:
        BundleError: the model is damaged or missing.
        OwnFault: the process that predicts died.
    """
    return predicted_all([record], model)[0]


def predicted_all(records: list[Record], model: Path) -> list[Prediction]:
    """Give what a model says of each record, each asked once a session.

    Raises:
        BundleError: the model is damaged or missing.
        OwnFault: the process that predicts died.
    """
    kept: dict[tuple[str, str], Prediction] = st.session_state.setdefault(PREDICTIONS, {})
    sha256 = read_card(model).sha256
    keys = [(f"{record.name} {record.digest}", sha256) for record in records]
    new = [record for record, key in zip(records, keys, strict=True) if key not in kept]
    if new:
        with st.spinner(f"Predicting {len(new)} record{'s' * (len(new) > 1)} …"):
            found = service().predict(model, new)
        kept.update(zip([key for key in keys if key not in kept], found, strict=True))
    return [kept[key] for key in keys]
