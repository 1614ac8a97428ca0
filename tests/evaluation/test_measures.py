"""Counted records against records copied as often as they count."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ecgssl_core.evaluation.challenge import challenge_metric
from ecgssl_core.evaluation.measures import METRICS, Measures
from ecgssl_core.evaluation.metrics import accuracy, f_beta, f_measure, g_beta, rank_curves


@pytest.mark.parametrize("unknown", [0.0, 0.2])
def test_counting_a_record_often_equals_copying_it(made: Callable[..., Any], unknown: float) -> None:
    answers = made(1, records=60, unknown=unknown)
    counts = np.random.default_rng(1).poisson(0.7, (60, 12))
    under = Measures(answers.labels, answers.scores, answers.outputs, answers.weights, answers.normal).under(
        counts.astype(np.float64)
    )
    for replicate, times in enumerate(counts.T):
        labels, scores, outputs = (
            np.repeat(values, times, axis=0) for values in (answers.labels, answers.scores, answers.outputs)
        )
        roc, precision_recall = rank_curves(labels, scores)
        copied = {
            "auroc": roc,
            "auprc": precision_recall,
            "accuracy": [accuracy(labels, outputs)],
            "f_measure": f_measure(labels, outputs),
            "f_beta_2": f_beta(labels, outputs),
            "g_beta_2": g_beta(labels, outputs),
            "challenge_metric": [challenge_metric(labels, outputs, answers.weights, answers.normal)],
        }
        assert tuple(copied) == METRICS
        for name in METRICS:
            np.testing.assert_allclose(under[name][replicate], copied[name], rtol=0, atol=1e-12, err_msg=name)


def test_a_replicate_without_positives_has_no_area(made: Callable[..., Any]) -> None:
    answers = made(2)
    measures = Measures(answers.labels, answers.scores, answers.outputs, answers.weights, answers.normal)
    counts = (answers.labels[:, :1] == 0).astype(np.float64)
    under = measures.under(counts)
    assert np.isnan([under["auroc"][0, 0], under["auprc"][0, 0]]).all()
    assert not np.isnan(under["auroc"][0, 1:]).any()
