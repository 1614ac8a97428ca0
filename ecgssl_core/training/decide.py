"""From logits to statements: calibration, thresholds and conformal sets, all from validation records."""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.labels import LabelSet
from ecgssl_core.evaluation import (
    NORMAL_CODE,
    Calibration,
    challenge_weights,
    choose_thresholds,
    fit_calibration,
    sets_threshold,
)
from ecgssl_core.models.manifest import Decision

ALPHA = 0.1  # share of true cases that a conformal set may leave out


def decide(
    logits: NDArray[np.float64], labels: NDArray[np.int8], patients: NDArray[np.object_], classes: LabelSet
) -> Decision:
    """Give calibration, thresholds and conformal thresholds.

    The conformal thresholds take one record a patient. They stand on the same records as the calibration, which is a
    rising map and so leaves the order of scores, all that they depend on, as it was.

    Args:
        logits: (records, classes) of validation records.
        labels: (records, classes) 1, 0, or -1 where unknown.
        patients: (records,).
        classes: the label set.
    """
    calibration = fit_calibration(logits, labels)
    found = calibration.apply(logits)
    normal = classes.codes.index(NORMAL_CODE)
    thresholds = choose_thresholds(labels, found, challenge_weights(classes.codes), normal)
    _, first = np.unique(patients.astype(str), return_index=True)
    sets = sets_threshold(found[first], labels[first], ALPHA)
    return Decision(
        temperature=tuple(calibration.temperature.tolist()),
        bias=tuple(calibration.bias.tolist()),
        thresholds=tuple(thresholds.values.tolist()),
        rule=thresholds.rule,
        # minus infinity means always in the set, which a probability of 0 says as well
        conformal=tuple(np.maximum(sets, 0.0).tolist()),
        alpha=ALPHA,
    )


def probabilities(decision: Decision, logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give calibrated probabilities (…, classes) of logits."""
    return Calibration(np.array(decision.temperature), np.array(decision.bias)).apply(logits)
