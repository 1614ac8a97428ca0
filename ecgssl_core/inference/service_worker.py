"""The process behind PredictionService: bundles stay loaded, requests come on stdin, answers go to stdout.

Quality, intervals and what a network reads need no torch and are answered before it is loaded, while nobody asks.
"""

import json
import os
import select
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from ecgssl_core.errors import EcgError
from ecgssl_core.models.manifest import read_manifest
from ecgssl_core.records import Record, check_quality, measure
from ecgssl_core.records.wire import decode_reading

from .forms import Parts, looked_parts, seen_parts
from .messages import encode, receive, send
from .seen import seen_by

_LONGEST_REQUEST = 1 << 31
_QUIET_S = 0.5  # without a request, after which torch is loaded
_HEAVY = "ecgssl_core.inference.requests"


def answer(asked: dict[str, Any], content: bytes) -> Parts:
    """Give the answer to a request, or the sentence of an error."""
    try:
        records = decode_reading(content).records
        if asked["verb"] == "looked":
            return _looked(records[0])
        if asked["verb"] == "seen":
            return seen_parts(seen_by(read_manifest(Path(asked["model"]))[0], records[0]))
        found: Parts = import_module(_HEAVY).answer(asked, records)
        return found
    except EcgError as error:
        return {"error": str(error)}, {}


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer requests until the other end closes."""
    loading = False
    while True:
        if not loading and not select.select([source], [], [], _QUIET_S)[0]:
            threading.Thread(target=_load, daemon=True).start()
            loading = True
        try:
            asked = json.loads(receive(source, _LONGEST_REQUEST))
            content = receive(source, _LONGEST_REQUEST)
        except EOFError:
            return
        send(sink, *encode(*answer(asked, content)))


def _looked(record: Record) -> Parts:
    return looked_parts(check_quality(record), measure(record))


def _load() -> None:
    """Load torch, and the model that is used where none is named."""
    import_module(_HEAVY).load_default()


if __name__ == "__main__":
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing that a library prints may pass for an answer
    serve(sys.stdin.buffer, answers)
