"""The process behind ReportService: studies stay read, a question comes as a line of JSON, an answer leaves as one."""

import json
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import IO

from ecgssl_core.errors import EcgError
from ecgssl_core.report.make import study_of
from ecgssl_core.report.questions import answer
from ecgssl_core.report.study import Study
from ecgssl_core.runs import RunDir


@lru_cache(maxsize=6)
def _study(stamps: tuple[tuple[str, int], ...], replicates: int) -> Study:
    return study_of([RunDir(Path(path)) for path, _ in stamps], replicates)


def reply_to(line: bytes) -> bytes:
    """Give the line that answers a line: the answer, or the sentence of an error."""
    asked = json.loads(line)
    stamps = tuple((path, changed) for path, changed in asked["runs"])
    try:
        reply = {"answer": answer(_study(stamps, asked["replicates"]), asked["question"], asked["words"])}
    except EcgError as error:
        reply = {"error": str(error)}
    return json.dumps(reply).encode() + b"\n"


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer until the other end closes."""
    for line in source:
        sink.write(reply_to(line))
        sink.flush()


if __name__ == "__main__":
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing that a library prints may pass for an answer
    serve(sys.stdin.buffer, answers)
