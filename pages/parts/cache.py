"""What is kept between reruns: for all only what the workbench and its data hold, for a session what its owner gave."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from ecgssl_core.inference.card import read_card
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.inference.service import PredictionService
from ecgssl_core.records import Intervals, Reading, Record, measure, read_isolated
from ecgssl_core.report.service import ReportService
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
def reporter() -> ReportService:
    """Give the process that makes reports, for all sessions."""
    return ReportService()


@st.cache_resource(show_spinner=False, max_entries=2000)
def scores_of(name: str, changed: int, _read: Callable[[str], Any]) -> Any:  # noqa: ARG001 - a changed run is read anew
    """Give the scores of a run, read once while its folder stays as it is.

    Args:
        name: of the run.
        changed: when its folder last changed.
        _read: reads it.
    """
    return _read(name)


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
