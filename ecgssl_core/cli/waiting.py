"""A sweep that is waited for: a line now and then, and what is said when somebody stops waiting."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from ecgssl_core.jobs import drain, sweep_state, wake
from ecgssl_core.jobs.places import set_at_once
from ecgssl_core.jobs.sweeps import wait_for
from ecgssl_core.runs import RunDir, Sweep, glances, spoken

from .told import say

EVERY_S = 30.0
STOPPED = 130  # what a shell gives for a command that Ctrl-C ended


@dataclass
class Watch:
    """Says how far a sweep is, at most so often, and only where something has changed."""

    sweep: Sweep
    root: Path
    every_s: float = EVERY_S
    _said: str = field(default="", init=False)
    _next: float = field(default=0.0, init=False)

    def __call__(self) -> None:
        """Say it where it is time to."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self.every_s
        line = self._line()
        if line != self._said:
            say(line)
            self._said = line

    def _line(self) -> str:
        state = sweep_state(self.sweep, {one.name: one for one in glances(self.root)}, self.root)
        counts = ", ".join(f"{number} {name}" for name, number in state.counts.items())
        left = f", about {spoken(state.seconds_left)} left" if state.seconds_left else ""
        return f"{self.sweep.name}: {counts}{left}"


def see_through(sweep: Sweep, runs: list[RunDir], root: Path, hands: int) -> dict[str, int] | None:
    """Work a sweep off and give how many runs are in each state; None where Ctrl-C ended the waiting.

    Then a worker of its own goes on with what is queued, and a sentence says how to end that.

    Raises:
        OwnFault: the disk refused.
    """
    watch = Watch(sweep, root)
    try:
        drain(root, at_once=hands, watch=watch)
        return wait_for(runs, watch)
    except KeyboardInterrupt:
        set_at_once(root, hands)
        wake(root)
        say(
            f"No longer waiting. What {sweep.name} has queued goes on in the background: `python -m ecgssl_core jobs "
            f"list` shows it, `python -m ecgssl_core jobs cancel {sweep.name}` ends it."
        )
        return None
