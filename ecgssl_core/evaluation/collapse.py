"""Signs that self-distillation says the same of every record, from the figures that a run logs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_SINGLE, _UNIFORM = 0.02, 0.002  # shares of ln K: closer to a single prototype, or to all, nothing is told apart
_LEAST_RANK, _ALIKE = 1.5, 0.99
_TELLING = ("feature_rank", "alike", "teacher_entropy", "kl_to_uniform")
_WAY_OUT = "Lower the learning rate; self-distillation: the teacher's momentum too, or set distillation.koleo to 0.1."


def collapse(health: Mapping[str, float], prototypes: int) -> str | None:
    """Give in words how the teacher has collapsed, or None.

    Args:
        health: `teacher_entropy`, mean entropy of the teacher's distributions; `kl_to_uniform`, divergence of their
            mean from uniform; `feature_rank`, effective rank of the student's features; `alike`, mean cosine of
            different records where there are no prototypes.
        prototypes: number of prototypes K.
    """
    if health.get("feature_rank", math.inf) < _LEAST_RANK or health.get("alike", 0.0) > _ALIKE:
        return "all records have the same features"
    if "teacher_entropy" not in health:
        return None
    most = math.log(prototypes)
    if most - health["kl_to_uniform"] < _SINGLE * most:
        return "all records fall to one prototype"
    if most - health["teacher_entropy"] < _UNIFORM * most:
        return "every record is spread over all prototypes alike"
    return None


@dataclass(frozen=True)
class Health:
    """How a pretraining looks after its last epoch.

    Args:
        sign: what the last epoch's collapse looks like, None where it does not look collapsed.
        epochs: how many epochs in a row, up to the last, have looked collapsed.
        sentence: both in plain words, with the figures.
    """

    sign: str | None
    epochs: int
    sentence: str


def health_of(metrics: Sequence[Mapping[str, Any]], prototypes: int, patience: int) -> Health | None:
    """Give how a pretraining looks, None where it has not logged what tells.

    Args:
        metrics: what the run wrote, in order.
        prototypes: number of prototypes K.
        patience: epochs in a row after which the training stops by itself; 0 never.
    """
    rows = [row for row in metrics if isinstance(row.get("feature_rank"), int | float)]
    if not rows:
        return None
    signs = [_sign(row, prototypes) for row in rows]
    epochs = next((place for place, sign in enumerate(reversed(signs)) if sign is None), len(signs))
    figures = _figures(rows[-1], prototypes)
    if signs[-1] is None:
        return Health(None, 0, f"Healthy after the last epoch: {figures}.")
    since = f"for {epochs} epochs now" if epochs > 1 else "since the last epoch"
    stops = f" It stops by itself after {patience} such epochs." if patience else ""
    return Health(signs[-1], epochs, f"This looks like a collapse: {signs[-1]}, {since} ({figures}).{stops} {_WAY_OUT}")


def _sign(row: Mapping[str, Any], prototypes: int) -> str | None:
    known = {name: float(row[name]) for name in _TELLING if isinstance(row.get(name), int | float)}
    if "teacher_entropy" in known and "kl_to_uniform" not in known:
        del known["teacher_entropy"]
    return collapse(known, prototypes)


def _figures(row: Mapping[str, Any], prototypes: int) -> str:
    parts = [f"features of effective rank {row['feature_rank']:.1f}"]
    if isinstance(row.get("teacher_entropy"), int | float):
        parts.append(f"teacher entropy {row['teacher_entropy']:.2f} of at most {math.log(prototypes):.2f} nats")
    if isinstance(row.get("kl_to_uniform"), int | float):
        parts.append(f"prototypes used within {row['kl_to_uniform']:.2f} nats of evenly")
    if isinstance(row.get("alike"), int | float):
        parts.append(f"different records alike to {100 * row['alike']:.0f} %")
    return ", ".join(parts)
