"""The runs as lines of text: what each is, how far, and of which sweep; those of a sweep that wait are one line."""

from collections.abc import Iterator
from pathlib import Path

from ecgssl_core.errors import RunError
from ecgssl_core.runs import ENDED, Glance, RunState, glances, open_sweep, spoken, sweep_names


def run_lines(root: Path | None = None) -> Iterator[str]:
    """Give a line a run, the newest first.

    Args:
        root: the data folder; `data_root()` if None.
    """
    sweeps, counted = _sweeps(root), set[str]()
    found = glances(root)
    for one in found:
        sweep = sweeps.get(one.name, "")
        if sweep and _waits(one):
            if sweep not in counted:
                counted.add(sweep)
                number = sum(_waits(other) and sweeps.get(other.name) == sweep for other in found)
                yield f"{sweep}: {number} run{'s' * (number > 1)} of this sweep wait{'s' * (number == 1)}"
            continue
        yield "  ".join(filter(None, [one.name, *_words(one), f"sweep {sweep}" if sweep else "", _reason(one)]))


def sweep_glances(name: str, root: Path | None = None) -> list[Glance]:
    """Give the runs of a sweep that are there, in its order.

    Raises:
        RunError: there is no such sweep, or it is damaged.
    """
    known = {one.name: one for one in glances(root)}
    return [known[run] for run in open_sweep(name, root).runs().values() if run in known]


def _sweeps(root: Path | None) -> dict[str, str]:
    found = {}
    for name in sweep_names(root):
        try:
            found.update(dict.fromkeys(open_sweep(name, root).runs().values(), name))
        except RunError:
            continue  # its runs are listed as runs that belong to none
    return found


def _waits(one: Glance) -> bool:
    return one.state is not None and one.state.state == "queued"


def _words(one: Glance) -> Iterator[str]:
    if one.state is None or one.settings is None:
        yield f"damaged: {one.damage}"
        return
    yield _far(one.state)
    yield one.settings.arm.replace("pretrain-", "pretraining ")
    fold = one.settings.data.fold
    yield f"without {one.settings.data.source}" if one.settings.data.source else f"fold {fold}" * (fold >= 0)


def _far(state: RunState) -> str:
    if state.state == "running" and not state.steps:
        return "running, reading its records"
    if state.state == "running":
        left = f", about {spoken(state.seconds_left)} left" if state.seconds_left is not None else ""
        return f"running, step {state.step} of {state.steps}{left}"
    if state.state == "done":
        return f"done in {spoken(state.worked_s)}"
    ended = state.state in ENDED and state.steps
    return f"{state.state} at step {state.step} of {state.steps}" if ended else state.state


def _reason(one: Glance) -> str:
    return one.state.reason if one.state else ""
