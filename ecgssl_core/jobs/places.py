"""What the queue is made of: the runs, their states, and two locks, of who changes it and of who works it off."""

from contextlib import AbstractContextManager
from pathlib import Path

from ecgssl_core.durable import is_locked, locked
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
