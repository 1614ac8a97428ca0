"""A sweep as one thing: how far it is, how long it will still take, and all of its runs ended or put back at once."""

import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecgssl_core.errors import RunError
from ecgssl_core.runs import RESUMABLE, Glance, RunDir, Sweep

from .places import at_once
from .queue import cancel, resume

ORDER = ("running", "starting", "queued", "failed", "interrupted", "preempted", "cancelled", "done", "gone")


@dataclass(frozen=True)
class SweepState:
    """How far a sweep is.

    Args:
        name: its name.
        parts: the run of each part at a glance, by the part's name; None where it was removed.
        counts: parts by state, in the order of `ORDER`; "gone" where the run was removed.
        share: of the whole work that is done, in [0, 1].
        seconds_left: an estimate, None before anything can be told of it, and where nothing goes on.
    """

    name: str
    parts: Mapping[str, Glance | None]
    counts: Mapping[str, int]
    share: float
    seconds_left: float | None

    @property
    def is_active(self) -> bool:
        """Whether something may still happen to it by itself."""
        return any(one is not None and one.is_active for one in self.parts.values())


def sweep_state(sweep: Sweep, known: Mapping[str, Glance], root: Path) -> SweepState:
    """Give how far a sweep is.

    Args:
        sweep: the sweep.
        known: all runs at a glance, by name.
        root: the data folder.

    Raises:
        RunError: the sweep's file is damaged.
    """
    parts = {part: known.get(run) for part, run in sweep.runs().items()}
    found = Counter(_state(one) for one in parts.values())
    counts = {state: found[state] for state in ORDER if found[state]}
    share = sum(_share(one) for one in parts.values()) / len(parts) if parts else 0.0
    return SweepState(sweep.name, parts, counts, share, _left(list(parts.values()), at_once(root)))


def cancel_all(runs: Sequence[Glance]) -> int:
    """End all runs of a sweep that wait or work, those that wait first, and give how many these were.

    What needs a run stands behind it: from the last to the first, none starts because another one ended.
    """
    active = [one for one in reversed(runs) if one.is_active]
    return _each(sorted(active, key=lambda one: _state(one) != "queued"), cancel)


def resume_all(runs: Sequence[Glance]) -> int:
    """Put back all runs of a sweep that ended early, in its order, and give how many these were."""
    return _each([one for one in runs if _state(one) in RESUMABLE], resume)


def _each(runs: Sequence[Glance], action: Callable[[RunDir], None]) -> int:
    done = 0
    for one in runs:
        try:
            action(one.run)
            done += 1
        except RunError:
            continue  # it ended, or began, since it was looked at
    return done


def _state(one: Glance | None) -> str:
    return one.state.state if one and one.state else "gone"


def _share(one: Glance | None) -> float:
    if one is None or one.state is None:
        return 0.0
    return 1.0 if one.state.state == "done" else one.state.share


def _left(runs: Sequence[Glance | None], hands: int) -> float | None:
    """Give the seconds until all that waits or works has ended, from what runs of the same arm took."""
    active = [one for one in runs if one is not None and one.is_active]
    by_arm, by_method = _took(runs, _arm), _took(runs, _method)
    left = []
    for one in active:
        assert one.state is not None
        # another arm of the same kind of training tells something; a baseline, done in seconds, nothing of a network
        whole = by_arm.get(_arm(one), by_method.get(_method(one)))
        guess = one.state.seconds_left if one.state.seconds_left is not None else whole
        if guess is None:
            return None
        left.append(guess if one.state.seconds_left is not None else guess * (1 - one.state.share))
    return sum(left) / min(hands, len(left)) if left else None


def _took(runs: Sequence[Glance | None], kind: Callable[[Glance], str]) -> dict[str, float]:
    """Give the mean seconds that the finished runs of each kind took."""
    done = [one for one in runs if one is not None and _state(one) == "done"]
    return {
        name: statistics.mean(one.state.worked_s for one in done if one.state and kind(one) == name)
        for name in {kind(one) for one in done}
    }


def _method(one: Glance) -> str:
    return one.settings.method if one.settings else ""


def _arm(one: Glance) -> str:
    return one.settings.arm if one.settings else ""
