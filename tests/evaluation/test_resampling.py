"""The draws of the bootstrap: whole groups, as many as there are, the same for the same seed."""

import numpy as np
import pytest

from ecgssl_core.evaluation import resampling
from ecgssl_core.evaluation.resampling import draw_counts

GROUPS = np.array(["b", "a", "b", "c", "d", "a", "e"])


def drawn(replicates: int, seed: int = 0, strata: np.ndarray | None = None) -> np.ndarray:
    return np.concatenate(list(draw_counts(GROUPS, replicates, seed, strata)), axis=1)


def test_records_of_a_group_are_drawn_together_and_groups_add_up() -> None:
    counts = drawn(50)
    assert counts.shape == (7, 50)
    np.testing.assert_array_equal(counts[0], counts[2])
    np.testing.assert_array_equal(counts[1], counts[5])
    np.testing.assert_array_equal(counts[[0, 1, 3, 4, 6]].sum(axis=0), np.full(50, 5))


def test_strata_keep_their_number_of_groups() -> None:
    strata = np.array(["x", "x", "x", "x", "y", "x", "y"])
    counts = drawn(50, strata=strata)
    np.testing.assert_array_equal(counts[[4, 6]].sum(axis=0), np.full(50, 2))
    np.testing.assert_array_equal(counts[[0, 1, 3]].sum(axis=0), np.full(50, 3))


def test_a_seed_gives_the_same_draws_however_large_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = drawn(20, seed=4)
    monkeypatch.setattr(resampling, "_BLOCK_NUMBERS", 21)
    np.testing.assert_array_equal(drawn(20, seed=4), whole)
    assert not np.array_equal(drawn(20, seed=5), whole)


def test_draws_without_records_or_replicates_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        next(draw_counts(GROUPS[:0], 5, 0))
    with pytest.raises(ValueError, match="0 replicates"):
        next(draw_counts(GROUPS, 0, 0))
    with pytest.raises(ValueError, match="every record"):
        next(draw_counts(GROUPS, 5, 0, GROUPS[:2]))
