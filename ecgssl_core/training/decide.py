"""From logits to statements: calibration, thresholds and conformal sets, all from validation records."""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.labels import LabelSet
from ecgssl_core.evaluation import (
    Calibration,
    choose_thresholds,
    credit_of,
    fit_calibration,
    sets_threshold,
)
from ecgssl_core.models.manifest import Decision

from .halves import in_selection, one_a_patient

ALPHA = 0.1  # share of true cases that a conformal set may leave out


def decide(
    logits: NDArray[np.float64], labels: NDArray[np.int8], patients: NDArray[np.object_], classes: LabelSet
) -> Decision:
    """Give calibration and thresholds from all records, conformal thresholds from half of the patients.

    The conformal thresholds take one record a patient, of the half that chose no network (`halves.py`). Calibration and
    thresholds may use that half too: calibration rises with the logit, class by class, and so changes no set.

    Args:
        logits: (records, classes) of validation records.
        labels: (records, classes) 1, 0, or -1 where unknown.
        patients: (records,).
        classes: the label set.
    """
    calibration = fit_calibration(logits, labels)
    found = calibration.apply(logits)
    credit = credit_of(classes.codes)
    thresholds = choose_thresholds(labels, found, credit.weights, credit.normal)
    return Decision(
        temperature=tuple(calibration.temperature.tolist()),
        bias=tuple(calibration.bias.tolist()),
        thresholds=tuple(thresholds.values.tolist()),
        rule=thresholds.rule,
        conformal=conformal_thresholds(found, labels, patients),
        alpha=ALPHA,
    )


def conformal_thresholds(
    found: NDArray[np.float64], labels: NDArray[np.int8], patients: NDArray[np.object_]
) -> tuple[float, ...]:
    """Give the threshold of each class's sets, from the half of the patients that chose no network.

    Args:
        found: (records, classes) probabilities of all validation records.
        labels: (records, classes).
        patients: (records,).
    """
    rows = calibration_rows(patients)
    sets = sets_threshold(found[rows], labels[rows], ALPHA)
    # minus infinity means always in the set, which a probability of 0 says as well
    return tuple(np.maximum(sets, 0.0).tolist())


def calibration_rows(patients: NDArray[np.object_]) -> NDArray[np.int64]:
    """Give the validation records that conformal sets are calibrated on: one of each patient not chosen on."""
    rest = np.flatnonzero(~in_selection(patients))
    return rest[one_a_patient(patients[rest])]


def probabilities(decision: Decision, logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give calibrated probabilities (…, classes) of logits."""
    return Calibration(np.array(decision.temperature), np.array(decision.bias)).apply(logits)
