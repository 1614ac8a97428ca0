"""What an arm said of single records of its test folds."""

from typing import Any

import numpy as np

from ecgssl_core.errors import RunError
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.curves import first_pool
from ecgssl_core.report.study import Study

VERDICTS = ("found", "missed", "false alarm", "rightly quiet", "label not known")


def verdicts(study: Study, arm: Arm, code: str) -> dict[str, str]:
    """Give by key what came of each record that an arm's first seed was scored on, for one class.

    Args:
        study: the runs.
        arm: whose answers.
        code: of the class.
    """
    pool, place = first_pool(arm), study.classes.codes.index(code)
    label, called = pool.labels[:, place], pool.outputs[:, place] == 1
    found = np.select([label == -1, (label == 1) & called, label == 1, called], [4, 0, 1, 2], 3)
    return {str(key): VERDICTS[at] for key, at in zip(pool.keys, found.tolist(), strict=True)}


def said_of(study: Study, arm: Arm, key: str) -> list[dict[str, Any]]:
    """Give what an arm's first seed said of a record: class, probability, threshold, called, labelled; likeliest first.

    Raises:
        RunError: the record is in none of its test folds.
    """
    pool = first_pool(arm)
    at = int(np.searchsorted(pool.keys, key))
    if at == len(pool) or pool.keys[at] != key:
        raise RunError(f"{arm.title} was not scored on this record.")
    rows = [
        {
            "class": name,
            "probability": float(pool.scores[at, place]),
            "threshold": float(pool.thresholds[at, place]),
            "called": bool(pool.outputs[at, place]),
            "labelled": {1: "yes", 0: "no"}.get(int(pool.labels[at, place]), "not known"),
        }
        for place, name in enumerate(study.classes.names)
    ]
    return sorted(rows, key=lambda row: -row["probability"])
