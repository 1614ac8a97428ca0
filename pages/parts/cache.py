"""What is kept between reruns: for all only what the workbench and its data hold, for a session what its owner gave."""

from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from ecgssl_core.errors import BundleError
from ecgssl_core.inference.card import BundleCard, read_card
from ecgssl_core.inference.explained import Seen
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.inference.service import PredictionService
from ecgssl_core.records import Intervals, Quality, Reading, Record, read_isolated
from ecgssl_core.report.service import ReportService
from pages.parts.keys import BATCH
from pages.parts.pending import already, awaited
from pages.parts.samples import sample_files


@st.cache_resource(show_spinner=False)
def service() -> PredictionService:
    """Give the processes that predict, for all sessions; they start warming up."""
    warm = PredictionService()
    warm.warm()
    return warm


@st.cache_resource(show_spinner=False)
def sample_record(name: str) -> Record:
    """Give a sample recording that comes with the workbench; the first call waits until it is read."""
    return _digested(read_isolated(sample_files(name))).records[0]


def sample(name: str) -> Record | None:
    """Give a sample recording; None, and a line that says so, while it is being read."""
    return awaited(("sample", name), "Reading the sample", lambda: sample_record(name))


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


def read_upload(mark: Hashable, doing: str, files: Callable[[], Mapping[str, bytes]]) -> Reading | None:
    """Give what uploaded files hold, read in a process of its own; None, and a line that says so, meanwhile.

    Args:
        mark: names this very upload.
        doing: what the person reads meanwhile.
        files: gives their content by name.
    """
    return awaited(("read", mark), doing, lambda: _digested(read_isolated(files())))


def looked(record: Record) -> tuple[Quality, Intervals] | None:
    """Give the quality and the intervals of a record; None, and a line that says so, while they are worked out."""
    return looked_already(record) or awaited(
        ("looked", *identity(record)), "Looking at the signal", lambda: service().looked(record)
    )


def looked_already(record: Record) -> tuple[Quality, Intervals] | None:
    """Give what is known of a record by now, of itself or from the table of all; None without, and nothing is begun."""
    found: tuple[Quality, Intervals] | None = already(("looked", *identity(record)))
    if found is None:
        kept = (one for key, one in list(st.session_state.get(BATCH, {}).items()) if key[:-2] == identity(record))
        found = next(((one.quality, one.intervals) for one in kept if one.quality is not None), None)
    return found


def seen(record: Record, card: BundleCard) -> Seen | None:
    """Give what the network of a model reads of a record; None where it lacks leads, or while it is worked out."""
    key = ("seen", *identity(record), card.sha256)
    try:
        return awaited(key, "Working out what the model sees", lambda: service().seen(card.folder, record))
    except BundleError:
        return None


def predicted(record: Record, model: Path, anyway: bool = False) -> Prediction | None:
    """Give what a model says of a record; None, and a line that says so, while it is worked out.

    Args:
        record: any record.
        model: folder of a bundle.
        anyway: speak where the quality forbids it.

    Raises:
        BundleError: the model is damaged or missing.
        OwnFault: the process that predicts died.
    """
    known = predicted_already(record, model, anyway)
    return known or awaited(
        ("predicted", *asked_of(record, model, anyway)),
        "Asking the model",
        lambda: service().predict(model, [record], anyway=anyway)[0],
    )


def predicted_already(record: Record, model: Path, anyway: bool = False) -> Prediction | None:
    """Give what a model said of a record before, of itself or in the table of all; None without, nothing is begun."""
    key = asked_of(record, model, anyway)
    found: Prediction | None = already(("predicted", *key))
    if found is None and key in st.session_state.get(BATCH, {}):
        found = st.session_state[BATCH][key].prediction
    return found


def asked_of(record: Record, model: Path, anyway: bool) -> tuple[Hashable, ...]:
    """Give what an answer of a model depends on."""
    return *identity(record), read_card(model).sha256, anyway


def identity(record: Record) -> tuple[Hashable, ...]:
    """Give what everything that is worked out from a record depends on."""
    return record.name, record.digest, record.age, record.issues, tuple(sorted(record.units.items()))


def _digested(reading: Reading) -> Reading:
    """Give a reading whose records have worked out their digests, which takes long where they are long."""
    for record in reading.records:
        _ = record.digest
    return reading
