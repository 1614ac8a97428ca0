"""What the queue is made of: the runs, their states, and two locks, of who changes it and of who works it off."""

from contextlib import AbstractContextManager
from pathlib import Path

from ecgssl_core.durable import is_locked, locked, replace_file
from ecgssl_core.errors import RunError
from ecgssl_core.runs import ENDED, RunDir, Stage, list_runs, open_run


def queue_changed(root: Path) -> AbstractContextManager[None]:
    """Hold the queue for a moment; every move into or out of the state queued happens under this lock."""
    (root / "runs").mkdir(parents=True, exist_ok=True)
    return locked(root / "runs" / ".queue.lock", "The queue is busy.", wait=True)


def only_worker(root: Path) -> AbstractContextManager[None]:
    """Hold the right to work the queue off.

    Raises:
        RunError: another worker has it.
    """
    (root / "runs").mkdir(parents=True, exist_ok=True)
    return locked(root / "runs" / ".worker.lock", "Another worker is at work in this data folder.")


def is_worked_off(root: Path) -> bool:
    """Tell whether a living worker has the queue in hand."""
    return is_locked(root / "runs" / ".worker.lock")


def at_once(root: Path) -> int:
    """Give how many runs may be at work together where nobody says so when starting the worker."""
    try:
        return max(1, int((root / "runs" / ".at-once").read_text()))
    except (OSError, ValueError):
        return 1


def set_at_once(root: Path, count: int) -> None:
    """Say how many runs may be at work together; a worker that is at it follows.

    Raises:
        RunError: the number is below 1.
        OwnFault: the disk refused.
    """
    if count < 1:
        raise RunError("At least one run is at work at a time; give 1 or more.")
    (root / "runs").mkdir(parents=True, exist_ok=True)
    replace_file(root / "runs" / ".at-once", str(count).encode())


def in_state(root: Path, *states: str) -> list[RunDir]:
    """List the runs in one of the states, the oldest first; damaged ones are left out."""
    found = []
    for run in reversed(list_runs(root)):
        try:
            if run.state().state in states:
                found.append(run)
        except RunError:
            continue  # the page shows it as damaged; the others need not wait for it
    return found


def is_ready(run: RunDir, root: Path) -> bool:
    """Tell whether no pretraining that a run begins from is still to come; one that ended badly is not waited for."""
    for name in run.settings().data.encoders:
        try:
            if open_run(name, root).state().state not in ENDED:
                return False
        except RunError:
            continue  # the run itself says what is missing
    return True


def move(run: RunDir, state: Stage, reason: str = "") -> None:
    """Change the state of a run, and keep how far it is."""
    now = run.state()
    run.write_state(state, step=now.step, steps=now.steps, epoch=now.epoch, epochs=now.epochs, reason=reason)
