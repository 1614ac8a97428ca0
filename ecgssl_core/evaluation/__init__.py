"""Numbers from labels and scores: metrics, the challenge metric, thresholds, calibration, sets, intervals and tests."""

from ecgssl_core.evaluation.bootstrap import Answers, compare, evaluate
from ecgssl_core.evaluation.calibration import Calibration, fit_calibration
from ecgssl_core.evaluation.calibration_line import CalibrationLine, calibration_line
from ecgssl_core.evaluation.calibration_replicates import Reliability, reliability_intervals
from ecgssl_core.evaluation.challenge import challenge_metric, challenge_weights
from ecgssl_core.evaluation.challenge_classes import NORMAL_CODE, ChallengeClasses, challenge_classes
from ecgssl_core.evaluation.comparisons import ExactMatches, FoldTest, fold_test, holm, mcnemar
from ecgssl_core.evaluation.conformal import answer_bounds, in_sets, sets_threshold, shared_threshold
from ecgssl_core.evaluation.coverage import Coverage, binomial_interval, coverage, missed_share
from ecgssl_core.evaluation.credit import Credit, credit_of
from ecgssl_core.evaluation.delong import AurocDifferences, delong
from ecgssl_core.evaluation.estimates import ClassIntervals, Evaluation, Interval, MetricIntervals
from ecgssl_core.evaluation.gates import GateMeans, gates_by_class
from ecgssl_core.evaluation.measures import METRICS
from ecgssl_core.evaluation.metrics import accuracy, auprc, auroc, f_beta, f_measure, g_beta, macro, rank_curves
from ecgssl_core.evaluation.official import OfficialScores, official_scores
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
    "AurocDifferences",
    "Calibration",
    "CalibrationLine",
    "ChallengeClasses",
    "ClassIntervals",
    "Coverage",
    "Credit",
    "Evaluation",
    "ExactMatches",
    "FoldTest",
    "GateMeans",
    "Interval",
    "MetricIntervals",
    "OfficialScores",
    "Reliability",
    "ReliabilityCurve",
    "Thresholds",
    "accuracy",
    "answer_bounds",
    "auprc",
    "auroc",
    "binomial_interval",
    "brier_score",
    "calibration_error",
    "calibration_line",
    "challenge_classes",
    "challenge_metric",
    "challenge_weights",
    "choose_thresholds",
    "compare",
    "coverage",
    "credit_of",
    "delong",
    "evaluate",
    "f_beta",
    "f_measure",
    "fit_calibration",
    "fold_test",
    "g_beta",
    "gates_by_class",
    "holm",
    "in_sets",
    "log_loss",
    "macro",
    "mcnemar",
    "missed_share",
    "official_scores",
    "optimism",
    "rank_curves",
    "reliability_curve",
    "reliability_intervals",
    "sets_threshold",
    "shared_threshold",
]
