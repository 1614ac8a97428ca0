"""The choice of thresholds: as good as a plain search, never worse than the shared one, rare classes left alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ecgssl_core.evaluation.challenge import challenge_metric
from ecgssl_core.evaluation.thresholds import Thresholds, choose_thresholds, optimism


def chosen(answers: Any) -> Thresholds:
    return choose_thresholds(answers.labels, answers.scores, answers.weights, answers.normal)


@pytest.mark.parametrize("seed", range(4))
def test_the_shared_threshold_is_the_best_of_the_grid_and_the_rest_only_improves_it(
    made: Callable[..., Any], seed: int
) -> None:
    answers = made(seed, records=300)
    found = chosen(answers)
    grid = [
        challenge_metric(answers.labels, answers.scores >= value / 100, answers.weights, answers.normal)
        for value in range(1, 100)
    ]
    assert found.shared_metric == max(grid)
    assert grid[round(found.shared * 100) - 1] == pytest.approx(max(grid), abs=1e-12)
    assert found.metric >= found.shared_metric
    outputs = found.apply(answers.scores)
    assert found.metric == challenge_metric(answers.labels, outputs, answers.weights, answers.normal)


def test_no_single_class_can_still_gain(made: Callable[..., Any]) -> None:
    answers = made(1, records=300)
    found = chosen(answers)
    for column in range(5):
        for quantile in np.quantile(answers.scores[:, column], 1 - np.geomspace(1, 1 / 300, 50)):
            values = found.values.copy()
            values[column] = quantile
            other = challenge_metric(answers.labels, answers.scores >= values, answers.weights, answers.normal)
            assert other <= found.metric + 1e-4


def test_a_class_that_needs_its_own_threshold_gets_it() -> None:
    random = np.random.default_rng(0)
    labels = (random.random((400, 2)) < 0.5).astype(np.int8)
    labels[:, 1] = 1 - labels[:, 0]
    scores = np.where(labels == 1, [0.9, 0.2], [0.6, 0.1])
    found = choose_thresholds(labels, scores, np.eye(2), 1)
    assert found.metric == 1.0
    assert 0.6 < found.values[0] <= 0.9
    assert 0.1 < found.values[1] <= 0.2


def test_a_class_with_few_positives_keeps_the_shared_threshold(made: Callable[..., Any]) -> None:
    answers = made(2, records=300)
    answers.labels[:, 0] = 0
    answers.labels[:9, 0] = 1
    found = chosen(answers)
    assert found.values[0] == found.shared
    assert len(set(found.values)) > 1


def test_where_nothing_can_be_won_the_threshold_is_one_half() -> None:
    labels = np.tile(np.array([1, 0], dtype=np.int8), (20, 1))
    found = choose_thresholds(labels, np.full((20, 2), 0.4), np.eye(2), 0)
    np.testing.assert_array_equal(found.values, [0.5, 0.5])
    assert found.metric == 0.0


def test_the_choice_is_repeatable_and_says_how_it_was_made(made: Callable[..., Any]) -> None:
    first, second = chosen(made()), chosen(made())
    np.testing.assert_array_equal(first.values, second.values)
    assert "validation" in first.rule
    assert "fewer than 10 positives" in first.rule


def test_thresholds_flatter_the_records_they_were_chosen_on() -> None:
    random = np.random.default_rng(0)
    labels = (random.random((200, 6)) < 0.3).astype(np.int8)
    scores = random.random((200, 6))
    assert optimism(labels, scores, np.arange(200), np.eye(6), 5) > 0.02


def test_optimism_splits_patients_and_needs_two() -> None:
    labels = np.ones((4, 1), dtype=np.int8)
    with pytest.raises(ValueError, match="two groups"):
        optimism(labels, np.ones((4, 1)), np.zeros(4), np.eye(1), 0)


@pytest.mark.parametrize("value", [1.5, -0.1, np.nan])
def test_what_is_no_probability_is_refused(made: Callable[..., Any], value: float) -> None:
    answers = made()
    answers.scores[0, 0] = value
    with pytest.raises(ValueError, match=r"NaN|outside"):
        chosen(answers)


def test_no_record_is_refused() -> None:
    with pytest.raises(ValueError, match="without a record"):
        choose_thresholds(np.zeros((0, 2)), np.zeros((0, 2)), np.eye(2), 0)
