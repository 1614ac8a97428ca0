"""A warm process that predicts for others, so that a page never holds torch nor waits for it to load."""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from ecgssl_core.errors import BundleError, OwnFault
from ecgssl_core.records import Reading, Record
from ecgssl_core.records.wire import encode_reading

from .prediction import Prediction

_LONGEST_REPLY = 1 << 24
_PATIENCE_S = 60.0


def send(stream: IO[bytes], *parts: bytes) -> None:
    """Write messages, each after its length in eight bytes."""
    for part in parts:
        stream.write(len(part).to_bytes(8, "little") + part)
    stream.flush()


def receive(stream: IO[bytes], longest: int) -> bytes:
    """Give the next message.

    Raises:
        EOFError: there is none, or it is longer than allowed.
    """
    length = int.from_bytes(_exactly(stream, 8), "little")
    if length > longest:
        raise EOFError(f"a message of {length} bytes, where {longest} are allowed")
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError("the other end closed")
    return content


class PredictionService:
    """Predictions from a process of its own, started at first use and again if it dies; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def warm(self) -> None:
        """Start the process and return at once; it loads torch meanwhile."""
        with self._lock:
            self._running()

    def predict(self, model: Path, records: Sequence[Record], leads: Sequence[str] | None = None) -> list[Prediction]:
        """Give what the model says of each record.

        Args:
            model: folder of a bundle.
            records: any records.
            leads: use these leads only.

        Raises:
            BundleError: the model is damaged or missing.
            OwnFault: the process died or took longer than a minute.
        """
        asked = json.dumps({"model": str(model.absolute()), "leads": leads and list(leads)}).encode()
        with self._lock:
            reply = self._ask(asked, encode_reading(Reading(tuple(records), ())))
        if "error" in reply:
            raise BundleError(reply["error"])
        return [Prediction.from_json(tree, reply["model"]) for tree in reply["records"]]

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _ask(self, asked: bytes, records: bytes) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        watch = threading.Timer(_PATIENCE_S, process.kill)
        watch.start()
        try:
            send(process.stdin, asked, records)
            reply: dict[str, Any] = json.loads(receive(process.stdout, _LONGEST_REPLY))
            return reply
        except (EOFError, OSError) as error:
            self.close()
            raise OwnFault("The process that predicts stopped unexpectedly; try again.") from error
        finally:
            watch.cancel()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", "ecgssl_core.inference.service_worker"]
            root = str(Path(__file__).parents[2])
            environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": root}
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
            )
        return self._process
