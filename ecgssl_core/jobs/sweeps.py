"""Put the parts of a sweep into the queue, those that stopped early again, and wait for them."""

import hashlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ecgssl_core.errors import RunError
from ecgssl_core.runs import (
    RESUMABLE,
    RunDir,
    Sweep,
    create_run,
    create_sweep,
    data_root,
    open_run,
    open_sweep,
    sweep_names,
)

from .places import move, queue_changed
from .plan import Part

POLL_S = 1.0


def begin(verb: str, name: str | None, parts: Sequence[Part], root: Path | None = None) -> Sweep:
    """Give the sweep of a plan: the one begun before by the same name and plan, or a new one.

    Args:
        verb: what the command line calls it.
        name: its name; None makes one from the plan, so that the same words find the same sweep.
        parts: the plan.
        root: the data folder; `data_root()` if None.

    Raises:
        RunError: the name belongs to another plan.
    """
    plan = [f"{part.name}: {part.settings.model_dump_json()}" for part in parts]
    digest = hashlib.sha256("\n".join(plan).encode()).hexdigest()
    name = name or f"{verb}-{digest[:8]}"
    if name not in sweep_names(root):
        return create_sweep(name, digest, root)
    sweep = open_sweep(name, root)
    if sweep.digest != digest:
        raise RunError(f"The sweep {name} was planned with other words; give this one another --name.")
    return sweep


def queue_sweep(sweep: Sweep, parts: Sequence[Part], root: Path | None = None) -> list[RunDir]:
    """See that every part of a sweep is done, waits or is at work; gives all runs, in the order of the plan.

    A part without a run gets one; a run that ended early is put back, to go on from its last checkpoint; a run that was
    removed is made anew. What is done stays.

    Args:
        sweep: where the runs are noted down.
        parts: the plan; pretrainings stand before what needs them.
        root: the data folder; `data_root()` if None.
    """
    root = (root or data_root()).absolute()
    runs: dict[str, RunDir] = {}
    for part in parts:
        run = _existing(sweep.runs().get(part.name), root)
        if run is None:
            run = _made(part, [runs[name].name for name in part.needs], root)
            sweep.note(part.name, run.name)
        elif run.state().state in RESUMABLE:
            with queue_changed(root):
                run.forget_stop()
                move(run, "queued")
        runs[part.name] = run
    return list(runs.values())


def _existing(name: str | None, root: Path) -> RunDir | None:
    if name is None:
        return None
    try:
        return open_run(name, root)
    except RunError:
        return None


def _made(part: Part, encoders: list[str], root: Path) -> RunDir:
    settings = part.settings
    if encoders:
        data = settings.data.model_copy(update={"encoders": tuple(encoders)})
        settings = settings.model_copy(update={"data": data})
    with queue_changed(root):
        # the settings of the run folder decide everything; the words only say what to do with it
        return create_run(settings, root, [part.verb, settings.data.pack])


def wait_for(runs: Sequence[RunDir], watch: Callable[[], None] | None = None) -> dict[str, int]:
    """Wait until no run of these waits or works, and give how many are in each state; `watch` is called meanwhile."""
    while any(run.state().state in ("queued", "starting", "running") for run in runs):
        if watch is not None:
            watch()
        time.sleep(POLL_S)
    return counts(runs)


def counts(runs: Sequence[RunDir]) -> dict[str, int]:
    """Give how many of the runs are in each state."""
    states = [run.state().state for run in runs]
    return {state: states.count(state) for state in sorted(set(states))}
