"""How far a run is, told from what it wrote and from whether anybody alive holds it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Stage = Literal["queued", "starting", "running", "done", "failed", "cancelled", "preempted", "interrupted"]
WORKING = ("starting", "running")
ENDED = ("done", "failed", "cancelled", "preempted", "interrupted")
RESUMABLE = ("failed", "cancelled", "preempted", "interrupted")


@dataclass(frozen=True)
class RunState:
    """How far a run is; `interrupted` is a run that claims to work while no living process holds it.

    `seconds` is the time since this state began, `seconds_left` an estimate from it (None before the first step),
    `heartbeat_age_s` the time since the last sign of life (None if there was none), `worked_s` the time in which it was
    running, over all its starts.
    """

    state: Stage
    step: int
    steps: int
    epoch: int
    epochs: int
    reason: str
    alive: bool
    heartbeat_age_s: float | None
    seconds: float
    seconds_left: float | None
    worked_s: float = 0.0

    @property
    def share(self) -> float:
        """The share of the steps that is done, in [0, 1]."""
        return min(1.0, self.step / self.steps) if self.steps else 0.0


def stamped(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Give what state.json will hold: the new values, and since when, and from which step on, its state has lasted."""
    if before.get("state") == now["state"]:
        return {**before, **now}
    return {**now, "since": time.time(), "since_step": now["step"], "worked_s": _worked(before, time.time())}


def _worked(kept: Mapping[str, Any], until: float) -> float:
    """Give the seconds of running that state.json tells of, up to a moment in seconds since 1970."""
    running = until - float(kept.get("since", until)) if kept.get("state") == "running" else 0.0
    return float(kept.get("worked_s", 0.0)) + max(0.0, running)


def derived(kept: Mapping[str, Any], alive: bool, heartbeat_age_s: float | None) -> RunState:
    """Give the state from what state.json holds.

    Args:
        kept: what the file holds, of the form that `stamped` gives.
        alive: whether a living process holds the run.
        heartbeat_age_s: time since its last sign of life, in seconds.
    """
    state, step, steps = kept["state"], int(kept.get("step", 0)), int(kept.get("steps", 0))
    seconds = max(0.0, time.time() - float(kept.get("since", time.time())))
    done = step - int(kept.get("since_step", 0))
    return RunState(
        state="interrupted" if state in WORKING and not alive else state,
        step=step,
        steps=steps,
        epoch=int(kept.get("epoch", 0)),
        epochs=int(kept.get("epochs", 0)),
        reason=str(kept.get("reason", "")),
        alive=alive,
        heartbeat_age_s=heartbeat_age_s,
        seconds=seconds,
        seconds_left=seconds / done * (steps - step) if done > 0 and state == "running" else None,
        worked_s=_worked(kept, time.time()) if alive else float(kept.get("worked_s", 0.0)),
    )
