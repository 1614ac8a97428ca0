"""The process behind PredictionService: bundles stay loaded, requests come on stdin, answers go to stdout."""

import json
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import torch

from ecgssl_core.errors import EcgError
from ecgssl_core.models.bundle import Bundle, load_bundle
from ecgssl_core.models.manifest import read_manifest
from ecgssl_core.records.wire import decode_reading

from .predict import predict
from .service import receive, send

_LONGEST_REQUEST = 1 << 31


@lru_cache(maxsize=4)
def _loaded(folder: Path, sha256: str) -> Bundle:  # noqa: ARG001 - a changed model is another entry
    return load_bundle(folder)


def answer(asked: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Give the answer to a request: the model, and a tree for each record; or the sentence of an error."""
    folder, leads = Path(asked["model"]), asked["leads"]
    try:
        bundle = _loaded(folder, read_manifest(folder)[1])
    except EcgError as error:
        return {"error": str(error)}
    records = decode_reading(content).records
    return {
        "model": {"name": bundle.manifest.name, "sha256": bundle.sha256},
        "records": [predict(bundle, record, leads).as_json() for record in records],
    }


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer requests until the other end closes."""
    # one thread: as in predict_reading, and no spinning beside a training
    torch.set_num_threads(1)
    while True:
        try:
            asked = json.loads(receive(source, _LONGEST_REQUEST))
            content = receive(source, _LONGEST_REQUEST)
        except EOFError:
            return
        send(sink, json.dumps(answer(asked, content)).encode())


if __name__ == "__main__":
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing that a library prints may pass for an answer
    serve(sys.stdin.buffer, answers)
