"""Put a command into the queue, take it out, put it back; the run folders themselves are the queue.

An index of them would only be a copy that can be rebuilt from the folders, so there is none.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from ecgssl_core.errors import OwnFault, RunError
from ecgssl_core.jobs.launch import COMMAND, let_run
from ecgssl_core.jobs.places import in_state, is_worked_off, move, queue_changed
from ecgssl_core.runs import ENDED, RESUMABLE, RunDir, create_run, data_root
from ecgssl_core.settings import Settings


def submit(
    words: Sequence[str], settings: Settings, root: Path | None = None, command: Sequence[str] = COMMAND
) -> RunDir:
    """Make a run and see that a worker takes it; gives the run at once.

    Args:
        words: what a person would type after `python -m ecgssl_core`, without `--run`.
        settings: the merged whole that the words amount to.
        root: the data folder; `data_root()` if None.
        command: what stands before the words.

    Raises:
        OwnFault: the disk refused.
    """
    root = (root or data_root()).absolute()
    try:
        with queue_changed(root):
            run = create_run(settings, root, words)
    except OSError as error:
        raise OwnFault(f"No run could be made in the data folder ({error.strerror}).") from error
    wake(root, command)
    return run


def cancel(run: RunDir) -> None:
    """End a run: one that waits at once, one that works after its present step, which is saved.

    Raises:
        RunError: there is nothing to end.
    """
    with queue_changed(_root(run)):
        state = run.state().state
        if state in ENDED:
            raise RunError(f"The run {run.name} is {state}; there is nothing to cancel.")
        if state == "queued":
            move(run, "cancelled", "Cancelled before it started.")
        else:
            run.ask_to_stop()


def resume(run: RunDir, command: Sequence[str] = COMMAND) -> None:
    """Put a run that ended early back into the queue; its command goes on from the last checkpoint.

    Raises:
        RunError: it has not ended, is done, or was started by hand.
    """
    with queue_changed(_root(run)):
        state = run.state().state
        if state not in RESUMABLE:
            raise RunError(f"The run {run.name} is {state}; only a run that ended early can be resumed.")
        if not run.words():
            raise RunError(f"The run {run.name} was started by hand; start it again with --run {run.name}.")
        run.forget_stop()
        move(run, "queued")
    wake(_root(run), command)


def wake(root: Path | None = None, command: Sequence[str] = COMMAND) -> None:
    """Start a worker if runs wait and none is at work, for example after the machine was restarted."""
    root = (root or data_root()).absolute()
    if is_worked_off(root) or not in_state(root, "queued"):
        return
    words = [sys.executable, "-m", "ecgssl_core.jobs", str(root), *command]
    let_run(words, root / "runs" / ".worker.log", root)


def waiting(root: Path | None = None) -> list[str]:
    """Give the names of the runs that wait, in the order in which they are taken."""
    return [run.name for run in in_state((root or data_root()).absolute(), "queued")]


def _root(run: RunDir) -> Path:
    return run.path.absolute().parents[1]
