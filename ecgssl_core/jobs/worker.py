"""The worker: one a data folder, it runs what is queued, the oldest first, one at a time, until nothing is left."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from ecgssl_core.errors import RunError
from ecgssl_core.jobs import places
from ecgssl_core.jobs.launch import COMMAND, launch
from ecgssl_core.jobs.places import in_state, is_ready, move, only_worker, queue_changed
from ecgssl_core.runs import WORKING, RunDir

POLL_S = 0.2  # between looks at a run that works: whether it ended, or shall stop
QUEUE_S = 1.0  # between looks at the queue: each reads the state of every run; a run that ends is an occasion too
PATIENCE_S = 90.0
REASON_LENGTH = 300


def drain(
    root: Path,
    command: Sequence[str] = COMMAND,
    patience_s: float = PATIENCE_S,
    at_once: int | None = None,
    watch: Callable[[], None] | None = None,
) -> None:
    """Run what is queued until nothing is left; returns at once if another worker is at it.

    A run waits for the pretraining runs that its settings name.

    Args:
        root: the data folder.
        command: what stands before the words of a run.
        patience_s: how long a run that was asked to stop may take before it is killed.
        at_once: how many runs may be at work together; None: as many as the data folder says at the time.
        watch: is called about once a second meanwhile.
    """
    hands: list[threading.Thread] = []
    ended = threading.Event()
    with ExitStack() as right_to_work:
        try:
            right_to_work.enter_context(only_worker(root))
        except RunError:
            return
        while True:
            if watch is not None:
                watch()
            with queue_changed(root):
                queued = in_state(root, "queued")
                if not queued and not any(hand.is_alive() for hand in hands):
                    # given up while the queue stands still: a run submitted later finds no worker, and starts one
                    right_to_work.close()
                    return
                # a run that lost its worker, or was started by hand, has a place of the machine too
                free = len(in_state(root, *WORKING)) < (at_once or places.at_once(root))
                taken = _take(queued, root) if free else None
            if taken is None:
                ended.wait(QUEUE_S)
                ended.clear()
                continue
            # daemons: whoever stops this with Ctrl-C is not kept waiting; what runs is a process of its own and goes on
            hands.append(threading.Thread(target=_work, args=(*taken, root, command, patience_s, ended), daemon=True))
            hands[-1].start()


def _take(queued: list[RunDir], root: Path) -> tuple[RunDir, ExitStack] | None:
    """Give the first run that can start, in the state starting, and the claim on it that its command begins under."""
    for run in queued:
        claim = ExitStack()
        if not is_ready(run, root):
            continue
        try:
            claim.enter_context(run.claim())
        except RunError:
            continue  # somebody else is just starting it
        move(run, "starting")
        return run, claim
    return None


def _work(
    run: RunDir, claim: ExitStack, root: Path, command: Sequence[str], patience_s: float, ended: threading.Event
) -> None:
    with ExitStack() as at_the_end, claim:
        at_the_end.callback(ended.set)
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
