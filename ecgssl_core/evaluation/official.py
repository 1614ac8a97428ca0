"""The seven metrics of the challenges in one go, macro and for each class, as the official programs define them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats
from ecgssl_core.evaluation.challenge_classes import ChallengeClasses
from ecgssl_core.evaluation.measures import Measures
from ecgssl_core.evaluation.metrics import macro


@dataclass(frozen=True, eq=False)
class OfficialScores:
    """The seven metrics, and of three the value of each class, (classes,); NaN where undefined.

    F-beta and G-beta (beta 2) were printed in 2020 only; they mean the same in both years.
    """

    auroc: float
    auprc: float
    accuracy: float
    f_measure: float
    f_beta_2: float
    g_beta_2: float
    challenge_metric: float
    class_auroc: Floats
    class_auprc: Floats
    class_f_measure: Floats


def official_scores(
    labels: NDArray[Any], scores: NDArray[Any], outputs: NDArray[Any], weights: Floats, normal: int
) -> OfficialScores:
    """Give all seven metrics.

    Args:
        labels: (records, classes), 1, 0, or -1 for unknown, which the official programs do not have.
        scores: (records, classes), any numbers but NaN.
        outputs: (records, classes), 0 or 1.
        weights: (true classes, output classes) of the challenge metric.
        normal: place of the normal class.

    Raises:
        ValueError: shapes that differ, a NaN score, or values other than these.
    """
    found = Measures(labels, scores, outputs, weights, normal).under(np.ones((len(labels), 1)))
    return OfficialScores(
        **{name: macro(values[0]) for name, values in found.items()},
        class_auroc=found["auroc"][0],
        class_auprc=found["auprc"][0],
        class_f_measure=found["f_measure"][0],
    )


def scores_json(found: OfficialScores, scored: ChallengeClasses) -> dict[str, Any]:
    """Give the scores as `score --json` prints them: year, classes, metrics, metrics a class; NaN is None."""
    of_class = {name: _plain(getattr(found, f"class_{name}")) for name in ("auroc", "auprc", "f_measure")}
    whole = {name: value for name, value in vars(found).items() if not name.startswith("class_")}
    return {
        "year": scored.year,
        "classes": list(scored.codes),
        **dict(zip(whole, _plain(np.array(list(whole.values()))), strict=True)),
        "per_class": of_class,
    }


def _plain(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]
