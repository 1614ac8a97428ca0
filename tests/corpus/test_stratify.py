"""Iterative stratification: even labels, no dependence on order, no random state."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecgssl_core.corpus.stratify import stratify


def drawn(groups: int, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    labels = chance.random((groups, 6)) < [1, 0.5, 0.3, 0.1, 0.05, 0.02]
    return (labels * chance.integers(1, 4, (groups, 1))).astype(np.int64)


def test_every_label_with_a_group_for_each_fold_is_in_each_fold() -> None:
    labels = drawn(1000)
    labels[:, 5] = 0
    labels[::100, 5] = 1  # ten groups
    fold = stratify(labels, [f"group {at}" for at in range(1000)], 10, seed=0)
    for label in range(6):
        assert set(fold[labels[:, label] > 0]) == set(range(10))


def test_folds_and_labels_are_even() -> None:
    labels = drawn(5000)
    fold = stratify(labels, [f"group {at}" for at in range(5000)], 10, seed=1)
    shares = np.array([labels[fold == place].sum(axis=0) for place in range(10)])
    assert np.all(np.abs(shares / shares.mean(axis=0) - 1) < [0.02, 0.02, 0.02, 0.02, 0.04, 0.1])


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(40)), seed=st.integers(0, 5))
def test_the_order_of_the_groups_does_not_matter(order: list[int], seed: int) -> None:
    labels, names = drawn(40), np.array([f"group {at}" for at in range(40)])
    fold = stratify(labels, list(names), 4, seed)
    assert stratify(labels[order], list(names[order]), 4, seed).tolist() == fold[order].tolist()


def test_another_seed_draws_other_folds_and_the_callers_chance_is_left_alone() -> None:
    labels, names = drawn(100), [f"group {at}" for at in range(100)]
    np.random.seed(5)
    before = np.random.get_state()[1].tolist()
    first, second = (stratify(labels, names, 5, seed) for seed in (0, 1))
    assert np.random.get_state()[1].tolist() == before
    assert (first != second).any()


@pytest.mark.parametrize("groups", [1, 3])
def test_fewer_groups_than_folds_are_in_one_fold_each(groups: int) -> None:
    fold = stratify(np.ones((groups, 1), dtype=np.int64), [str(at) for at in range(groups)], 5, 0)
    assert len(set(fold)) == groups
