"""Numbers from labels and scores: metrics, the challenge metric, thresholds, calibration, sets and intervals."""

from ecgssl_core.evaluation.bootstrap import Answers, compare, evaluate
from ecgssl_core.evaluation.calibration import Calibration, fit_calibration
from ecgssl_core.evaluation.challenge import NORMAL_CODE, challenge_metric, challenge_weights
from ecgssl_core.evaluation.conformal import in_sets, sets_threshold
from ecgssl_core.evaluation.estimates import ClassIntervals, Evaluation, Interval, MetricIntervals
from ecgssl_core.evaluation.gates import GateMeans, gates_by_class
from ecgssl_core.evaluation.measures import METRICS
from ecgssl_core.evaluation.metrics import accuracy, auprc, auroc, f_beta, f_measure, g_beta, macro, rank_curves
from ecgssl_core.evaluation.reliability import (
    ReliabilityCurve,
    brier_score,
    calibration_error,
    log_loss,
    reliability_curve,
)
from ecgssl_core.evaluation.thresholds import Thresholds, choose_thresholds, optimism

__all__ = [
    "METRICS",
    "NORMAL_CODE",
    "Answers",
    "Calibration",
    "ClassIntervals",
    "Evaluation",
    "GateMeans",
    "Interval",
    "MetricIntervals",
    "ReliabilityCurve",
    "Thresholds",
    "accuracy",
    "auprc",
    "auroc",
    "brier_score",
    "calibration_error",
    "challenge_metric",
    "challenge_weights",
    "choose_thresholds",
    "compare",
    "evaluate",
    "f_beta",
    "f_measure",
    "fit_calibration",
    "g_beta",
    "gates_by_class",
    "in_sets",
    "log_loss",
    "macro",
    "optimism",
    "rank_curves",
    "reliability_curve",
    "sets_threshold",
]
