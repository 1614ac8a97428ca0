"""Leaks: each kind is found across folds, and clean folds have none."""

from collections.abc import Callable

import numpy as np
import pytest

from ecgssl_core.corpus.folds import Folds, make_folds
from ecgssl_core.corpus.leaks import Leak, find_leaks, hashes_seen, refuse_leaks, related_rows
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.errors import LeakError

MakePack = Callable[..., Pack]


@pytest.fixture
def tied(pack_of: MakePack) -> Pack:
    return pack_of(
        [
            {"key": "a/0", "patient": "p"},
            {"key": "a/1", "patient": "p"},
            {"key": "a/2", "sha256": "same"},
            {"key": "b/3", "sha256": "same"},
            {"key": "b/4", "same_signal": "b/5"},
            {"key": "b/5", "same_signal": "b/4"},
            {"key": "b/6", "same_signal": "elsewhere"},
        ]
    )


def in_folds(*fold: int) -> Folds:
    return Folds(np.array(fold), count=3, digest="made")


def test_each_kind_of_tie_across_folds_is_found_once(tied: Pack) -> None:
    assert find_leaks(tied, in_folds(0, 1, 0, 2, 1, 2, 0)) == [
        Leak("patient", ("a/0", "a/1"), (0, 1)),
        Leak("signal", ("a/2", "b/3"), (0, 2)),
        Leak("same_signal", ("b/4", "b/5"), (1, 2)),
    ]


def test_ties_inside_a_fold_are_no_leak(tied: Pack) -> None:
    assert find_leaks(tied, in_folds(0, 0, 2, 2, 1, 1, 0)) == []
    folds = make_folds(tied, count=3)
    assert find_leaks(tied, folds) == []
    refuse_leaks(tied, folds)


def test_folds_that_leak_are_refused_with_an_example(tied: Pack) -> None:
    with pytest.raises(LeakError, match="leak in 1 places: a/2 and b/3 hold the same signal"):
        refuse_leaks(tied, in_folds(0, 0, 0, 2, 1, 1, 0))


def test_hashes_are_sorted_and_each_is_named_once(tied: Pack) -> None:
    assert hashes_seen(tied, [3, 2, 0]) == ("hash of a/0", "same")


def test_records_of_another_pack_that_belong_to_held_out_ones_are_found(tied: Pack, pack_of: MakePack) -> None:
    further = pack_of(
        [
            {"key": "c/0", "patient": "p"},
            {"key": "c/1", "sha256": "same"},
            {"key": "c/2", "same_signal": "x/4"},
            {"key": "c/elsewhere"},
            {"key": "c/9"},
        ],
        "further",
    )
    assert related_rows(further, tied, range(7)).tolist() == [0, 1, 2, 3]
    assert related_rows(further, tied, [4]).tolist() == [2]
    assert related_rows(further, tied, []).tolist() == []
