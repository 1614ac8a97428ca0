"""DeLong's test against its definition by double loops and against the bootstrap."""

from typing import Any

import numpy as np
import pytest

from ecgssl_core.evaluation.bootstrap import Answers, compare
from ecgssl_core.evaluation.delong import delong
from ecgssl_core.evaluation.metrics import auroc


def made(seed: int, records: int = 80, steps: int = 10) -> tuple[Any, Any, Any]:
    random = np.random.default_rng(seed)
    labels = (random.random((records, 3)) < [0.2, 0.5, 0.7]).astype(np.int8)
    shared = random.normal(size=labels.shape)
    first, second = (np.round(steps * (labels * lift + shared + random.normal(size=labels.shape))) for lift in (1.5, 1))
    return labels, first, second


def half(one: float, other: float) -> float:
    return 1.0 if one > other else 0.5 if one == other else 0.0


def by_definition(labels: Any, first: Any, second: Any) -> tuple[float, float]:
    """Give the difference of the AUROCs and its variance, from every pair of a positive and a negative."""
    tables = []
    for scores in (first, second):
        positives, negatives = scores[labels == 1], scores[labels == 0]
        tables.append(np.array([[half(one, other) for other in negatives] for one in positives]))
    areas = [table.mean() for table in tables]
    covariance = np.zeros((2, 2))
    for row in range(2):
        for column in range(2):
            for axis in (0, 1):
                one, other = (tables[place].mean(axis=1 - axis) - areas[place] for place in (row, column))
                count = len(one)
                covariance[row, column] += (one * other).sum() / (count - 1) / count
    return areas[0] - areas[1], covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]


@pytest.mark.parametrize("seed", range(6))
def test_difference_and_interval_follow_the_published_formula_with_ties(seed: int) -> None:
    labels, first, second = made(seed, steps=2)
    found = delong(labels, first, second)
    np.testing.assert_allclose(found.first, auroc(labels, first), atol=1e-12)
    np.testing.assert_allclose(found.second, auroc(labels, second), atol=1e-12)
    for place in range(3):
        difference, variance = by_definition(labels[:, place], first[:, place], second[:, place])
        assert found.difference[place] == pytest.approx(difference, abs=1e-12)
        assert found.high[place] - difference == pytest.approx(1.959963984540054 * np.sqrt(variance), abs=1e-12)
        assert difference - found.low[place] == pytest.approx(1.959963984540054 * np.sqrt(variance), abs=1e-12)


def test_the_interval_agrees_with_the_bootstrap_of_records() -> None:
    labels, first, second = (array[:, 1:2] for array in made(1, records=400))
    answers = [Answers(scores, scores > 0) for scores in (first, second)]
    drawn = compare(labels, *answers, np.arange(400), np.eye(1), 0, replicates=800).auroc
    found = delong(labels, first, second)
    assert found.low[0] == pytest.approx(drawn.low, abs=0.01)
    assert found.high[0] == pytest.approx(drawn.high, abs=0.01)
    assert (found.p[0] < 0.05) == (drawn.low > 0 or drawn.high < 0)


def test_p_values_are_uniform_when_nothing_differs() -> None:
    random = np.random.default_rng(0)
    labels = np.tile((np.arange(300) < 100).astype(np.int8)[:, None], (1, 800))
    p_values = delong(labels, random.normal(size=labels.shape), random.normal(size=labels.shape)).p
    assert 0.03 < (p_values < 0.05).mean() < 0.07
    assert 0.45 < np.median(p_values) < 0.55


def test_equal_systems_have_p_one_and_undefined_classes_nan() -> None:
    labels, first, _ = made(2)
    assert delong(labels, first, first).p.tolist() == [1.0] * 3
    labels[:, 0] = 0
    labels[0, 0] = 1
    found = delong(labels, first, first)
    assert np.isnan([found.first[0], found.difference[0], found.p[0]]).all()


def test_unknown_labels_are_left_out() -> None:
    labels, first, second = made(3)
    labels[:20, 0] = -1
    whole, rest = delong(labels, first, second), delong(labels[20:], first[20:], second[20:])
    assert whole.p[0] == rest.p[0]
    assert whole.p[1] != rest.p[1]


def test_opposite_perfect_orders_have_no_variance_to_judge_by() -> None:
    labels = np.array([[1], [1], [0], [0]])
    found = delong(labels, labels * 1.0, 1.0 - labels)
    assert found.difference[0] == 1.0
    assert np.isnan(found.p[0])
