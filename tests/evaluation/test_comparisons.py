"""Holm, McNemar and the corrected test over folds, against values worked by hand and simulations."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ecgssl_core.evaluation.bootstrap import Answers, compare
from ecgssl_core.evaluation.comparisons import fold_test, holm, mcnemar


def test_holm_gives_the_values_of_the_textbook_example() -> None:
    found = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert found == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})
    assert list(found) == ["a", "b", "c", "d"]


def test_holm_never_passes_one_and_counts_comparisons_without_a_value() -> None:
    found = holm({"a": 0.02, "b": float("nan"), "c": 0.9})
    assert found["a"] == pytest.approx(0.06)
    assert found["c"] == 1.0
    assert np.isnan(found["b"])
    assert holm({}) == {}
    with pytest.raises(ValueError, match="p-value"):
        holm({"a": 1.2})


def test_holm_keeps_the_chance_of_any_false_claim() -> None:
    random = np.random.default_rng(0)
    claims = [min(holm(dict(zip("abcde", random.random(5), strict=True))).values()) < 0.05 for _ in range(3000)]
    assert 0.035 < np.mean(claims) < 0.062


def test_mcnemar_counts_records_that_one_system_alone_has_right() -> None:
    labels = np.ones((12, 2), dtype=np.int8)
    first, second = np.ones((12, 2)), np.ones((12, 2))
    second[:9, 1] = 0  # nine records wrong in one class
    first[9:10] = 0
    found = mcnemar(labels, first, second)
    assert (found.only_first, found.only_second) == (9, 1)
    assert found.p == pytest.approx(2 * 11 / 1024)  # both tails of at most 1 of 10 under a fair coin
    assert mcnemar(labels, first, first).p == 1.0


def test_the_fold_test_widens_by_the_shared_training_records() -> None:
    differences = np.array([0.02, 0.04, 0.03, 0.05, 0.01])
    found = fold_test(differences, 1 / 4)
    error = differences.std(ddof=1) * np.sqrt(1 / 5 + 1 / 4)
    assert found.mean == pytest.approx(0.03)
    assert found.high - found.mean == pytest.approx(2.7764451051977987 * error)  # Student's t, 4 degrees of freedom
    assert found.p == pytest.approx(0.0474, abs=0.0005)
    assert fold_test(differences, 1e-12).p < found.p


def test_the_fold_test_of_equal_folds_and_of_none() -> None:
    assert fold_test(np.zeros(3), 0.1).p == 1.0
    assert fold_test(np.full(3, 0.5), 0.1).p == 0.0
    for wrong in ((np.ones(1), 0.1), (np.array([1.0, np.nan]), 0.1), (np.ones(3), 0.0)):
        with pytest.raises(ValueError, match="folds"):
            fold_test(*wrong)


def test_the_bootstrap_p_value_says_what_its_interval_says(made: Callable[..., Any]) -> None:
    answers = made(1, records=200)
    good = Answers(answers.scores, answers.outputs)
    shuffled = np.random.default_rng(0).permutation(answers.scores)
    poor = Answers(shuffled, shuffled >= 0.5)
    words = (answers.groups, answers.weights, answers.normal)
    found = compare(answers.labels, good, poor, *words, replicates=199)
    assert found.auroc.low > 0
    assert found.auroc.p == pytest.approx(2 / 200)
    assert compare(answers.labels, good, good, *words, replicates=50).auroc.p == 1.0
