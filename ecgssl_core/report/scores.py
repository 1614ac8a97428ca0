"""One set of predictions as seven metrics with intervals, in the form that metrics.json and a card hold."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation import METRICS, Evaluation, credit_of, evaluate

LEAST_POSITIVES = 10  # a class with fewer enters no macro mean of pooled folds
REPLICATES = 2000


def scored(
    labels: NDArray[np.int8],
    found: NDArray[np.float64],
    thresholds: NDArray[np.float64],
    groups: NDArray[np.object_],
    codes: tuple[str, ...],
    minimum: int = 0,
) -> Evaluation:
    """Give the seven metrics with intervals by patient.

    Args:
        labels: (records, classes) 1, 0, or -1 where unknown.
        found: (records, classes) probabilities.
        thresholds: (classes,), or (records, classes) where records come from several models.
        groups: (records,) patient of each record.
        codes: the classes.
        minimum: fewest positives of a class that enters the macro means; 0 takes all.
    """
    credit = credit_of(codes)
    return evaluate(
        labels,
        found,
        (found >= thresholds).astype(np.int8),
        groups.astype(str),
        credit.weights,
        credit.normal,
        replicates=REPLICATES,
        minimum=minimum,
    )


def summary(found: Evaluation) -> dict[str, Any]:
    """Give the seven metrics as value, low and high, and the number of classes in the macro AUROC."""
    metrics = {name: getattr(found, name) for name in METRICS}
    values: dict[str, Any] = {
        name: {"value": one.value, "low": one.low, "high": one.high} for name, one in metrics.items()
    }
    return {**values, "classes_counted": found.classes_counted}


def per_class(
    found: Evaluation, codes: tuple[str, ...], names: tuple[str, ...], thresholds: tuple[float, ...] | None
) -> list[dict[str, Any]]:
    """Give positives and metrics of each class."""
    return [
        {
            "code": code,
            "name": name,
            "positives": int(found.positives[place]),
            "auroc": float(found.class_auroc.value[place]),
            "auroc_low": float(found.class_auroc.low[place]),
            "auroc_high": float(found.class_auroc.high[place]),
            "auprc": float(found.class_auprc.value[place]),
            "f_measure": float(found.class_f_measure.value[place]),
            "threshold": thresholds[place] if thresholds else None,
        }
        for place, (code, name) in enumerate(zip(codes, names, strict=True))
    ]
