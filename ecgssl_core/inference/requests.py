"""What is answered in the process behind PredictionService that needs torch: one function a verb."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from ecgssl_core.errors import BundleError
from ecgssl_core.models.bundle import Bundle, load_bundle, load_network, reference_input
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.identifier import load_identifier, load_whole
from ecgssl_core.models.identity import Identity
from ecgssl_core.models.manifest import read_manifest
from ecgssl_core.records import Record

from . import along, partial
from .attribution import attribute
from .card import find_models
from .explained import Span
from .forms import Parts, attribution_parts, timeline_parts
from .predict import predict
from .same_person import Comparer

# one thread: as in predict_reading, and no spinning beside a training
torch.set_num_threads(1)
_KEPT = 3  # models


def answer(asked: dict[str, Any], records: Sequence[Record]) -> Parts:
    """Give the answer to a request.

    Raises:
        BundleError: the model is damaged or missing, or cannot answer.
    """
    folder = Path(asked["model"])
    sha256 = read_manifest(folder)[1]
    return VERBS[asked["verb"]](asked, records, folder, sha256)


def load_default() -> None:
    """Load the model that is used where none is named, if there is one."""
    for folder in find_models()[-1:]:
        with suppress(BundleError):  # whoever asks for it is told
            _loaded(folder.absolute(), read_manifest(folder)[1])


def _prove(_asked: dict[str, Any], _records: Sequence[Record], folder: Path, _sha256: str) -> Parts:
    bundle = load_whole(folder)  # afresh, whatever was loaded from that place before
    if bundle.known is not None:
        with torch.inference_mode():
            features = bundle.model(torch.from_numpy(reference_input(bundle.input))).features
        if features.shape[1:] != bundle.known.mean.shape:
            raise BundleError(f"The parts of {folder.name} do not fit each other; fetch the model again.")
    return {}, {}


def _predict(asked: dict[str, Any], records: Sequence[Record], folder: Path, sha256: str) -> Parts:
    bundle = _loaded(folder, sha256)
    found = [predict(bundle, record, asked["leads"], asked["anyway"]).as_json() for record in records]
    return {"model": _named(bundle), "records": found}, {}


def _attribute(asked: dict[str, Any], records: Sequence[Record], folder: Path, sha256: str) -> Parts:
    manifest = _loaded(folder, sha256).manifest  # loading it is what checks the weights
    found = attribute(_network(folder, sha256), manifest, records[0], asked["code"], asked["start_s"])
    return attribution_parts(found)


def _forced(_asked: dict[str, Any], records: Sequence[Record], folder: Path, sha256: str) -> Parts:
    found = partial.forced(_loaded(folder, sha256), records[0])
    return {"forced": {name: [asdict(one) for one in all_of] for name, all_of in found.items()}}, {}


def _lead_sets(asked: dict[str, Any], records: Sequence[Record], folder: Path, sha256: str) -> Parts:
    sets = partial.lead_sets(_loaded(folder, sha256), records[0], asked["further"])
    return {"sets": [asdict(one) for one in sets]}, {}


def _timeline(_asked: dict[str, Any], records: Sequence[Record], folder: Path, sha256: str) -> Parts:
    return timeline_parts(along.timeline(_loaded(folder, sha256), records[0]))


def _occluded(asked: dict[str, Any], records: Sequence[Record], folder: Path, sha256: str) -> Parts:
    bundle = _loaded(folder, sha256)
    found = partial.occluded(bundle, records[0], [Span(**span) for span in asked["spans"]])
    return {"model": _named(bundle), "record": found.as_json()}, {}


def _embedding(_asked: dict[str, Any], records: Sequence[Record], folder: Path, sha256: str) -> Parts:
    return {}, {"embedding": along.embedding(_loaded(folder, sha256), records[0])}


def _alike(_asked: dict[str, Any], records: Sequence[Record], folder: Path, sha256: str) -> Parts:
    first, second = records
    return {"alike": asdict(_comparer(folder, sha256).compare(first, second))}, {}


VERBS: dict[str, Callable[[dict[str, Any], Sequence[Record], Path, str], Parts]] = {
    "prove": _prove,
    "predict": _predict,
    "attribute": _attribute,
    "forced": _forced,
    "lead_sets": _lead_sets,
    "timeline": _timeline,
    "occluded": _occluded,
    "embedding": _embedding,
    "alike": _alike,
}


def _named(bundle: Bundle) -> dict[str, str]:
    return {"name": bundle.manifest.name, "sha256": bundle.sha256}


@lru_cache(maxsize=_KEPT)
def _loaded(folder: Path, sha256: str) -> Bundle:  # noqa: ARG001 - a changed model is another entry
    return load_bundle(folder)


def _comparer(folder: Path, sha256: str) -> Comparer:
    return Comparer(*_identifier(folder, sha256))  # made anew: nothing of a record outlives its answer


@lru_cache(maxsize=_KEPT)
def _identifier(folder: Path, sha256: str) -> tuple[Encoder, Identity]:  # noqa: ARG001
    return load_identifier(folder)


@lru_cache(maxsize=_KEPT)
def _network(folder: Path, sha256: str) -> Classifier:  # noqa: ARG001
    return load_network(folder)
