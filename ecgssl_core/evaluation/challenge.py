"""The challenge metric: credit for each output by a weight matrix, scaled so that 'always normal' is 0, perfect is 1.

PhysioNet/CinC Challenges 2020 (Perez Alday et al. 2020, doi:10.1088/1361-6579/abc960) and 2021.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats, Labels, Outputs, as_labels, as_outputs
from ecgssl_core.evaluation.challenge_classes import NORMAL_CODE as NORMAL_CODE
from ecgssl_core.evaluation.challenge_classes import challenge_classes

# correct and inactive are sums of the same terms in another order when all labels are normal
_SAME = 1e-12


@dataclass(frozen=True, eq=False)
class Credits:
    """What each record earns, (records,) each: with the outputs, with its labels as outputs, with the normal one."""

    observed: Floats
    correct: Floats
    inactive: Floats


def challenge_weights(codes: Sequence[str], year: int = 2020) -> Floats:
    """Give the weights of a year for these classes, (classes, classes): rows are true classes, columns outputs.

    Args:
        codes: SNOMED CT codes in any order; of a pair of equivalent diagnoses either one.
        year: of the challenge, 2020 or 2021.

    Raises:
        ValueError: a code is not one of the scored classes of that year, or there is no such year.
    """
    scored = challenge_classes(year)
    strange = [code for code in codes if code not in scored.places]
    if strange:
        raise ValueError(f"{', '.join(strange)} is not scored by the challenge of {year}")
    chosen = [scored.places[code] for code in codes]
    weights: Floats = scored.weights[np.ix_(chosen, chosen)]
    return weights


def challenge_metric(labels: NDArray[Any], outputs: NDArray[Any], weights: Floats, normal: int) -> float:
    """Give the challenge metric; at most 1, with no lower bound; 0 when perfect outputs earn no more than normal ones.

    Args:
        labels: (records, classes), 1, 0, or -1 for unknown, which counts as 0.
        outputs: (records, classes), 0 or 1.
        weights: (true classes, output classes); a NaN counts as 0.
        normal: place of the normal class.

    Raises:
        ValueError: shapes that differ, or values other than these.
    """
    checked = as_labels(labels)
    credits = record_credits(checked, as_outputs(outputs, checked), weights, normal)
    return float(scale_credits(credits.observed.sum(), credits.correct.sum(), credits.inactive.sum()))


def record_credits(labels: Labels, outputs: Outputs, weights: Floats, normal: int) -> Credits:
    """Give what each record earns; the arguments are those of `challenge_metric`, already checked.

    Raises:
        ValueError: weights do not fit the classes, or normal is none of them.
    """
    classes = labels.shape[1]
    if weights.shape != (classes, classes) or not 0 <= normal < classes:
        raise ValueError(f"{classes} classes do not fit weights {weights.shape} with the normal class at {normal}")
    truth = labels == 1
    always_normal = np.zeros_like(outputs)
    always_normal[:, normal] = True
    gains = output_gains(labels, weights)
    return Credits(*(_credit(truth, chosen, gains) for chosen in (outputs, truth, always_normal)))


def output_gains(labels: Labels, weights: Floats) -> Floats:
    """Give what each output would earn a record before sharing, (records, classes): the sum of its labels' weights."""
    gains: Floats = (labels == 1).astype(np.float64) @ np.nan_to_num(weights, nan=0.0)
    return gains


def scale_credits(observed: Any, correct: Any, inactive: Any) -> Any:
    """Give (observed - inactive) / (correct - inactive), for numbers or arrays; 0 where correct equals inactive."""
    span = np.asarray(correct - inactive)
    alike = np.abs(span) <= _SAME * np.maximum(np.abs(correct), np.abs(inactive))
    gained = np.asarray(observed - inactive)
    return np.divide(gained, span, out=np.zeros_like(gained), where=~alike)


def _credit(truth: Outputs, outputs: Outputs, gains: Floats) -> Floats:
    named = np.maximum((truth | outputs).sum(axis=1), 1)
    credit: Floats = (gains * outputs).sum(axis=1) / named
    return credit
