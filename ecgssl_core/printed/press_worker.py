"""The process behind Press: records come on stdin, their sheets go to stdout."""

import json
import os
import sys
from pathlib import Path
from typing import IO, Any

from ecgssl_core.inference.card import read_card
from ecgssl_core.inference.messages import receive, send
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.records.wire import decode_reading

from .options import SheetOptions
from .whole import whole_sheet

_LONGEST_REQUEST = 1 << 31


def sheet_of(asked: dict[str, Any], content: bytes) -> bytes:
    """Give the sheet that a request asks for."""
    (record,) = decode_reading(content).records
    said = asked["prediction"]
    prediction = said and Prediction.from_json(said["record"], said["model"])
    card = None if asked["model"] is None else read_card(Path(asked["model"]))
    return whole_sheet(record, prediction, card, SheetOptions(**asked["options"]))


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer requests until the other end closes."""
    while True:
        try:
            asked = json.loads(receive(source, _LONGEST_REQUEST))
            content = receive(source, _LONGEST_REQUEST)
        except EOFError:
            return
        send(sink, sheet_of(asked, content))


if __name__ == "__main__":
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing that a library prints may pass for an answer
    serve(sys.stdin.buffer, answers)
