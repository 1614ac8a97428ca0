"""Intervals of an evaluation: values as the metrics give them, repeatable, honest about patients and lost classes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ecgssl_core.evaluation.bootstrap import Answers, compare, evaluate
from ecgssl_core.evaluation.challenge import challenge_metric
from ecgssl_core.evaluation.estimates import Evaluation, Interval
from ecgssl_core.evaluation.measures import METRICS
from ecgssl_core.evaluation.metrics import accuracy, auprc, auroc, f_beta, f_measure, g_beta, macro


def evaluated(answers: Any, **options: Any) -> Evaluation:
    arrays = (answers.labels, answers.scores, answers.outputs, answers.groups, answers.weights, answers.normal)
    return evaluate(*arrays, **{"replicates": 200, **options})


def test_values_are_those_of_the_metrics_and_lie_in_their_intervals(made: Callable[..., Any]) -> None:
    answers = made()
    found = evaluated(answers)
    expected = {
        "auroc": macro(auroc(answers.labels, answers.scores)),
        "auprc": macro(auprc(answers.labels, answers.scores)),
        "accuracy": accuracy(answers.labels, answers.outputs),
        "f_measure": macro(f_measure(answers.labels, answers.outputs)),
        "f_beta_2": macro(f_beta(answers.labels, answers.outputs)),
        "g_beta_2": macro(g_beta(answers.labels, answers.outputs)),
        "challenge_metric": challenge_metric(answers.labels, answers.outputs, answers.weights, answers.normal),
    }
    for name in METRICS:
        interval: Interval = getattr(found, name)
        assert interval.value == pytest.approx(expected[name], abs=1e-12)
        assert interval.low < interval.value < interval.high
    assert found.class_auroc.value == pytest.approx(auroc(answers.labels, answers.scores), abs=1e-12)
    assert (found.class_auroc.low <= found.class_auroc.value).all()
    assert (found.records, found.groups, found.classes_counted) == (120, len(set(answers.groups)), 5)
    np.testing.assert_array_equal(found.positives, (answers.labels == 1).sum(axis=0))
    np.testing.assert_array_equal(found.positives + found.negatives, np.full(5, 120))


def test_the_same_seed_gives_the_same_intervals_and_another_does_not(made: Callable[..., Any]) -> None:
    answers = made()
    assert evaluated(answers).auroc == evaluated(answers).auroc
    assert evaluated(answers, seed=1).auroc != evaluated(answers).auroc


def test_drawing_patients_is_wider_than_drawing_records_when_a_patient_repeats(made: Callable[..., Any]) -> None:
    once = made(records=60)
    copied = replace(once, **{name: np.tile(getattr(once, name), (8, 1)) for name in ("labels", "scores", "outputs")})
    by_patient = evaluated(replace(copied, groups=np.tile(np.arange(60), 8))).auroc
    by_record = evaluated(replace(copied, groups=np.arange(480))).auroc
    assert by_patient.value == by_record.value
    assert by_patient.high - by_patient.low > 2 * (by_record.high - by_record.low)


def test_intervals_cover_the_true_accuracy_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(0)
    covered = 0
    for trial in range(100):
        right = random.random(80) < 0.7
        labels = np.ones((80, 1), dtype=np.int8)
        found = evaluate(
            labels, right[:, None], right[:, None], np.arange(80), np.eye(1), 0, replicates=200, seed=trial
        )
        covered += found.accuracy.low <= 0.7 <= found.accuracy.high
    assert 87 <= covered <= 100


def test_a_class_lost_in_some_replicates_is_skipped_there_and_reported(made: Callable[..., Any]) -> None:
    answers = made()
    labels = answers.labels.copy()
    labels[:, 0] = 0
    labels[7, 0] = 1
    found = evaluated(replace(answers, labels=labels, groups=np.arange(120)))
    # one record of 120 is left out of a replicate with probability (1 - 1/120) ** 120
    assert found.lacking == pytest.approx(0.37, abs=0.1)
    assert found.classes_counted == 5
    assert np.isfinite([found.auroc.low, found.auroc.high]).all()


def test_classes_with_too_few_positives_leave_the_means_when_asked(made: Callable[..., Any]) -> None:
    answers = made()
    positives = (answers.labels == 1).sum(axis=0)
    minimum = int(positives[0]) + 1
    few = evaluated(answers, minimum=minimum)
    rows = positives >= minimum
    assert few.classes_counted == rows.sum() == few.f_measure.classes < 5
    assert few.auroc.value == pytest.approx(auroc(answers.labels, answers.scores)[rows].mean())
    assert few.f_measure.value == pytest.approx(f_measure(answers.labels, answers.outputs)[rows].mean())
    assert few.accuracy.value == evaluated(answers).accuracy.value
    assert few.accuracy.classes == 0


def test_a_minimum_that_no_class_reaches_gives_no_value(made: Callable[..., Any]) -> None:
    none = evaluated(made(), minimum=1000, replicates=5)
    assert np.isnan([none.auroc.value, none.auroc.low, none.auroc.high]).all()
    assert none.classes_counted == 0
    assert none.lacking == 0


def test_unknown_labels_are_neither_positive_nor_negative(made: Callable[..., Any]) -> None:
    answers = made(unknown=0.2)
    found = evaluated(answers)
    np.testing.assert_array_equal(found.positives + found.negatives, (answers.labels != -1).sum(axis=0))


def test_a_system_does_not_differ_from_itself(made: Callable[..., Any]) -> None:
    answers = made()
    same = Answers(answers.scores, answers.outputs)
    found = compare(answers.labels, same, same, answers.groups, answers.weights, answers.normal, replicates=50)
    assert {getattr(found, name).value for name in METRICS} == {0.0}
    assert (found.auroc.low, found.auroc.high) == (0.0, 0.0)


def test_paired_differences_are_narrower_than_the_two_intervals(made: Callable[..., Any]) -> None:
    answers = made()
    noise = np.random.default_rng(0).normal(0, 0.05, answers.scores.shape)
    worse = answers.scores + noise
    found = compare(
        answers.labels,
        Answers(answers.scores, answers.outputs),
        Answers(worse, worse >= 0.5),
        answers.groups,
        answers.weights,
        answers.normal,
        replicates=200,
    )
    alone = evaluated(answers).auroc
    other = evaluated(replace(answers, scores=worse)).auroc
    assert found.auroc.value == pytest.approx(alone.value - other.value, abs=1e-12)
    assert found.auroc.high - found.auroc.low < alone.high - alone.low


def test_nan_scores_are_refused(made: Callable[..., Any]) -> None:
    answers = made()
    scores = answers.scores.copy()
    scores[0, 0] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        evaluated(replace(answers, scores=scores))
