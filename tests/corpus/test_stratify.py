"""Iterative stratification: even labels, no dependence on order, no random state."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecgssl_core.corpus.stratify import chance_of, stratify


def drawn(groups: int, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    labels = chance.random((groups, 6)) < [1, 0.5, 0.3, 0.1, 0.05, 0.02]
    return (labels * chance.integers(1, 4, (groups, 1))).astype(np.int64)


def plainly(labels: np.ndarray, names: list[str], count: int, seed: int) -> np.ndarray:
    """The same division with nothing kept from one group to the next: slow, and easy to see through."""
    chance = {name: chance_of(name, seed) for name in names}
    fold = np.full(len(names), -1)
    share = labels.sum(axis=0) / count
    lacking = np.tile(share, (count, 1))
    while (fold < 0).any():
        left = (labels[fold < 0] > 0).sum(axis=0)
        label = min(np.flatnonzero(left), key=lambda at: left[at])
        waiting = [at for at in np.flatnonzero(fold < 0) if labels[at, label]]
        for group in sorted(waiting, key=lambda at: (-labels[at, label], chance[names[at]], names[at])):
            need, room = lacking[:, label].round(9), lacking[:, 0].round(9)
            best = [at for at in range(count) if need[at] == need.max()]
            best = [at for at in best if room[at] == room[best].max()]
            fold[group] = best[chance[names[group]] % len(best)]
            lacking[fold[group]] -= labels[group]
    return fold


@settings(max_examples=25, deadline=None)
@given(groups=st.integers(1, 120), labels=st.integers(1, 8), count=st.integers(3, 10), seed=st.integers(0, 99))
def test_the_fast_way_gives_what_the_plain_way_gives(groups: int, labels: int, count: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    table = chance.integers(0, 4, (groups, labels)) * (chance.random((groups, labels)) < chance.random(labels))
    table[:, 0] = np.maximum(table.max(axis=1), 1)
    names = [f"group {at}" for at in range(groups)]
    assert stratify(table, names, count, seed).tolist() == plainly(table, names, count, seed).tolist()


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
