"""How far a run's decisions can be trusted: thresholds beside others, calibration before and after, coverage."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ecgssl_core.evaluation import (
    brier_score,
    calibration_error,
    calibration_line,
    challenge_metric,
    choose_thresholds,
    credit_of,
    log_loss,
    optimism,
    reliability_intervals,
)
from ecgssl_core.inference.score_pack import Scores
from ecgssl_core.models.manifest import Decision

from .coverage_figures import conformal_figures
from .decide import probabilities
from .halves import in_selection
from .split import Split

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]

REPLICATES = 300  # of the intervals of calibration figures
_SEED = 0
_FIGURES = ("log_loss", "brier", "calibration_error", "slope", "intercept")
_ORACLE = "oracle: thresholds chosen on the test labels themselves, an upper bound and no result"


def judgement(part: Split, decision: Decision, validation: Scores, test: Scores) -> dict[str, Any]:
    """Give the parts `thresholds`, `calibration` and `conformal` of `metrics.json`."""
    return {
        "thresholds": threshold_figures(part, decision, validation, test),
        "calibration": calibration_figures(part, decision, test),
        "conformal": conformal_figures(part, decision, validation, test),
    }


def threshold_figures(part: Split, decision: Decision, validation: Scores, test: Scores) -> dict[str, Any]:
    """Give the challenge metric on the test fold under several choices of thresholds.

    `shared` and `per_class` are chosen on validation records, `optimism` is by how much these flatter themselves
    there (two-half cross-fitting), and `oracle` alone reads test labels.
    """
    credit = credit_of(part.classes.codes)
    weights, normal = credit.weights, credit.normal
    groups = part.patients(part.validation).astype(str)
    known, found = part.labels[part.validation], probabilities(decision, validation.logits)
    truth, said = part.labels[part.test], probabilities(decision, test.logits)
    shared = choose_thresholds(known, found, weights, normal).shared
    several = len(np.unique(groups)) > 1
    return {
        "shared": challenge_metric(truth, said >= shared, weights, normal),
        "per_class": challenge_metric(truth, said >= np.array(decision.thresholds), weights, normal),
        "optimism": optimism(known, found, groups, weights, normal) if several else None,
        "oracle": choose_thresholds(truth, said, weights, normal).metric,
        "shared_threshold": shared,
        "note": _ORACLE,
    }


def calibration_figures(part: Split, decision: Decision, test: Scores) -> dict[str, Any]:
    """Give log-loss, Brier score, calibration error, slope and intercept on the test fold, before and after.

    `intervals` holds low and high of each, 95 %, over replicates of patients; both see the same ones.
    """
    truth, patients = part.labels[part.test], part.patients(part.test).astype(str)
    before, after = expit(test.logits), probabilities(decision, test.logits)
    errors = zip(part.classes.codes, calibration_error(truth, before), calibration_error(truth, after), strict=True)
    return {
        "before": _reliability(truth, before),
        "after": _reliability(truth, after),
        "intervals": {
            "before": reliability_ends(truth, before, patients),
            "after": reliability_ends(truth, after, patients),
            "replicates": REPLICATES,
            "seed": _SEED,
        },
        "per_class": [{"code": code, "before": float(one), "after": float(other)} for code, one, other in errors],
    }


def validation_losses(part: Split, validation: Scores) -> dict[str, float]:
    """Give the mean log-loss of uncalibrated logits over the known labels of validation records.

    `log_loss` is of all, `selection_log_loss` without the patients that conformal sets are calibrated on.
    """
    labels = part.labels[part.validation]
    on = in_selection(part.patients(part.validation))
    return {
        "log_loss": mean_log_loss(labels, validation.logits),
        "selection_log_loss": mean_log_loss(labels[on], validation.logits[on]),
    }


def reliability_ends(truth: Labels, found: Floats, patients: NDArray[np.str_]) -> dict[str, Any]:
    """Give low and high of each figure of calibration, and the share of replicates that allow no slope.

    Args:
        truth: (records, classes).
        found: (records, classes) probabilities.
        patients: (records,).
    """
    intervals = reliability_intervals(truth, found, patients, REPLICATES, _SEED)
    ends = {name: getattr(intervals, name) for name in _FIGURES}
    return {name: {"low": one.low, "high": one.high} for name, one in ends.items()} | {"undefined": intervals.undefined}


def mean_log_loss(labels: Labels, logits: Floats) -> float:
    """Give the mean binary cross-entropy over all known labels, in nats."""
    known = labels != -1
    return float(np.mean(np.logaddexp(0, logits[known]) - labels[known] * logits[known]))


def _reliability(truth: Labels, found: Floats) -> dict[str, float]:
    # as one column: all known labels pooled
    column, values = truth.reshape(-1, 1), found.reshape(-1, 1)
    line = calibration_line(column, values)
    return {
        "log_loss": float(log_loss(column, values)[0]),
        "brier": float(brier_score(column, values)[0]),
        "calibration_error": float(calibration_error(column, values)[0]),
        "slope": line.slope,
        "intercept": line.intercept,
    }
