"""The effects of views, worked out in a process of its own, so that a page goes on meanwhile."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from ecgssl_core.errors import CorpusError, OwnFault
from ecgssl_core.settings import Settings, settings_text

from .effects import ViewEffects

_LONGEST_S = 300.0


class EffectsApart:
    """One piece of work on one pack; it can be stopped."""

    def __init__(self, pack: Path, settings: Settings, count: int) -> None:
        self._asked = {"pack": str(pack.absolute()), "settings": settings_text(settings), "count": count}
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False

    def work(self, said: Callable[[float], None]) -> ViewEffects | None:
        """Give the effects, or None if it was stopped.

        Args:
            said: told which share is done.

        Raises:
            CorpusError: the pack cannot be read, or has no leads that views are made of.
            OwnFault: the process died or took longer than five minutes.
        """
        root = str(Path(__file__).parents[2])
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": root}
        command = [sys.executable, "-m", "ecgssl_core.inference.view_effects_worker"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True, start_new_session=True
        ) as process:
            self._process = process
            watch = threading.Timer(_LONGEST_S, process.kill)
            watch.start()
            try:
                return self._heard(process, said)
            finally:
                watch.cancel()
                process.kill()

    def stop(self) -> None:
        """End the work."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()

    def _heard(self, process: "subprocess.Popen[str]", said: Callable[[float], None]) -> ViewEffects | None:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(self._asked) + "\n")
            process.stdin.flush()
        except OSError:
            pass  # it died at once, which its silence tells below
        for line in process.stdout:
            words = json.loads(line)
            if "error" in words:
                raise CorpusError(words["error"])
            if "effects" in words:
                return ViewEffects.from_json(words["effects"])
            said(words["share"])
        if self._stopped:
            return None
        raise OwnFault("The process that makes the views stopped unexpectedly; try again.")
