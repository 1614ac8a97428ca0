"""The worker: one a data folder, it runs what is queued, the oldest first, one at a time, until nothing is left."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from ecgssl_core.errors import RunError
from ecgssl_core.jobs.launch import COMMAND, launch
from ecgssl_core.jobs.places import in_state, move, only_worker, queue_changed
from ecgssl_core.runs import WORKING, RunDir

POLL_S = 0.2
PATIENCE_S = 90.0
REASON_LENGTH = 300


def drain(root: Path, command: Sequence[str] = COMMAND, patience_s: float = PATIENCE_S) -> None:
    """Run what is queued until nothing is left; returns at once if another worker is at it.

    Args:
        root: the data folder.
        command: what stands before the words of a run.
        patience_s: how long a run that was asked to stop may take before it is killed.
    """
    with ExitStack() as right_to_work:
        try:
            right_to_work.enter_context(only_worker(root))
        except RunError:
            return
        while True:
            with queue_changed(root):
                queued = in_state(root, "queued")
                if not queued:
                    # given up while the queue stands still: a run submitted later finds no worker, and starts one
                    right_to_work.close()
                    return
                free = not in_state(root, *WORKING)
            if free:
                _work(queued[0], root, command, patience_s)
            else:
                time.sleep(POLL_S)  # a run that lost its worker, or was started by hand, has the machine


def _work(run: RunDir, root: Path, command: Sequence[str], patience_s: float) -> None:
    with run.claim():
        with queue_changed(root):
            if run.state().state != "queued":
                return  # cancelled in the meantime
            move(run, "starting")
        try:
            process = launch([*command, *run.words(), "--run", run.name], run.log, root)
        except (OSError, RunError) as error:
            move(run, "failed", f"The command could not be started ({error}).")
            return
        code = _watch(run, process, patience_s)
        with queue_changed(root):
            _settle(run, code)


def _watch(run: RunDir, process: subprocess.Popen[bytes], patience_s: float) -> int:
    deadline: float | None = None
    while process.poll() is None:
        if deadline is None and run.stop_asked():
            deadline = time.monotonic() + patience_s
            process.terminate()
        elif deadline is not None and time.monotonic() > deadline:
            # our own child, not yet waited for: its number cannot belong to anybody else
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        time.sleep(POLL_S)
    return process.returncode


def _settle(run: RunDir, code: int) -> None:
    """Give a run whose command ended without a last word the state that it is in."""
    if run.state().state not in WORKING or run.is_held():
        return
    if run.stop_asked():
        move(run, "cancelled", "Cancelled; it did not say how far it was saved.")
    else:
        move(run, "failed", _cause(run, code))


def _cause(run: RunDir, code: int) -> str:
    if code < 0:
        return f"The command was ended by {signal.Signals(-code).name}; the machine may be short of memory."
    words = run.last_words(1)[-REASON_LENGTH:]
    return words or f"The command ended with status {code} and said nothing."
