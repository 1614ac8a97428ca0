"""Signs that self-distillation says the same of every record, from the figures that a run logs."""

import math
from collections.abc import Mapping

_SINGLE, _UNIFORM = 0.02, 0.002  # shares of ln K: closer to a single prototype, or to all, nothing is told apart
_LEAST_RANK, _ALIKE = 1.5, 0.99


def collapse(health: Mapping[str, float], prototypes: int) -> str | None:
    """Give in words how the teacher has collapsed, or None.

    Args:
        health: `teacher_entropy`, mean entropy of the teacher's distributions; `kl_to_uniform`, divergence of their
            mean from uniform; `feature_rank`, effective rank of the student's features; `alike`, mean cosine of
            different records where there are no prototypes.
        prototypes: number of prototypes K.
    """
    if health["feature_rank"] < _LEAST_RANK or health.get("alike", 0.0) > _ALIKE:
        return "all records have the same features"
    if "teacher_entropy" not in health:
        return None
    most = math.log(prototypes)
    if most - health["kl_to_uniform"] < _SINGLE * most:
        return "all records fall to one prototype"
    if most - health["teacher_entropy"] < _UNIFORM * most:
        return "every record is spread over all prototypes alike"
    return None
