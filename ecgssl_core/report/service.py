"""Reports made in a process of their own, so that whoever looks at a page never waits for another's numbers."""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ecgssl_core.errors import OwnFault, RunError
from ecgssl_core.runs import RunDir

_PATIENCE_S = 600.0


class ReportService:
    """Answers about runs from a process of its own, started at first use and again if it dies; threads may share it.

    Runs that were read, and numbers that were computed from them, stay there: a second question is quick.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def ask(self, runs: Sequence[RunDir], replicates: int, question: str, **words: Any) -> Any:
        """Give the answer to a question.

        Args:
            runs: what it is about.
            replicates: of the bootstrap.
            question: a name of `report.questions`.
            words: what the question takes.

        Raises:
            RunError: these runs have no answer.
            OwnFault: the process died, or took longer than ten minutes.
        """
        stamps = [[str(run.path), run.path.stat().st_mtime_ns] for run in runs]
        asked = {"runs": stamps, "replicates": replicates, "question": question, "words": words}
        with self._lock:
            reply = self._asked(json.dumps(asked).encode() + b"\n")
        if "error" in reply:
            raise RunError(reply["error"])
        return reply["answer"]

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _asked(self, line: bytes) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        watch = threading.Timer(_PATIENCE_S, process.kill)
        watch.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            reply: dict[str, Any] = json.loads(process.stdout.readline())
            return reply
        except (ValueError, OSError) as error:
            self.close()
            raise OwnFault("The process that makes reports stopped unexpectedly; try again.") from error
        finally:
            watch.cancel()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", "ecgssl_core.report.service_worker"]
            root = str(Path(__file__).parents[2])
            environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": root}
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
            )
        return self._process
