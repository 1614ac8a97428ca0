"""Intervals of what stands on pairs of persons: one drawn twice is no pair, and few persons are a wide interval."""

import numpy as np
import pytest

from ecgssl_core.evaluation.identification import Curves, Pairs, equal_error_rate, found_share, stands
from ecgssl_core.evaluation.person_draws import drawn_persons, equal_rate_interval, rate_interval, share_interval


def likenesses(persons: int, gallery: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(persons, gallery)) + 2.0 * np.eye(persons, gallery)


def test_as_many_persons_are_drawn_as_there_are() -> None:
    weights = drawn_persons(25, draws=100)
    assert weights.shape == (100, 25)
    assert (weights.sum(axis=1) == 25).all()


def test_pairs_of_a_weight_are_so_many_pairs() -> None:
    chance = np.random.default_rng(1)
    genuine, impostor = chance.normal(1.5, 1, 30), chance.normal(0, 1, 200)
    twice = chance.integers(0, 4, 30), chance.integers(0, 4, 200)
    weighted = Curves(Pairs(genuine, impostor)).equal_error_rate(*(one.astype(float) for one in twice))
    repeated = Pairs(np.repeat(genuine, twice[0]), np.repeat(impostor, twice[1]))
    assert weighted == pytest.approx(equal_error_rate(repeated), abs=1e-12)


def test_the_interval_of_the_equal_error_rate_holds_it_and_narrows_with_persons() -> None:
    few, many = likenesses(10, 40), likenesses(80, 120)
    widths = []
    for square in (few, many):
        low, high = equal_rate_interval(square, draws=200)
        same = np.eye(*square.shape, dtype=bool)
        assert low <= equal_error_rate(Pairs(square[same], square[~same])) <= high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2
    assert equal_rate_interval(few[:, :10], draws=50)  # nobody but the tested ones


def test_the_interval_of_a_false_match_rate_leaves_out_that_a_person_is_like_oneself() -> None:
    square = np.full((30, 30), 0.1)
    np.fill_diagonal(square, 1.0)
    assert rate_interval(square, 0.5, draws=100) == (0.0, 0.0)
    assert rate_interval(square, 0.05, draws=100) == pytest.approx((1.0, 1.0))
    assert np.isnan(rate_interval(square, float("nan"))).all()


def test_a_person_who_is_like_many_makes_the_interval_wide() -> None:
    lamb = np.zeros((40, 40))
    lamb[0], lamb[:, 0] = 1.0, 1.0  # as many matches as 39 pairs spread over all would be
    low, high = rate_interval(lamb, 0.5, draws=500)
    assert low == 0
    assert high > 2 * 39 / (40 * 39 / 2)


def test_shares_of_persons_are_drawn_too() -> None:
    low, high = share_interval(np.arange(25) < 20)
    assert low < 0.8 < high
    assert share_interval(np.ones(25, bool)) == (1.0, 1.0)  # which is why the exact interval stands beside it


def test_a_rate_stands_on_thirty_false_matches() -> None:
    assert stands(3000, 0.01)
    assert not stands(2999, 0.01)
    assert stands(30_000, 0.001)


def test_a_person_is_found_where_nearest_and_near_enough() -> None:
    places, own = np.array([1, 1, 2, 1]), np.array([0.9, 0.4, 0.9, 0.8])
    assert found_share(places, own, 0.5) == 0.5
    assert np.isnan(found_share(places, own, float("nan")))
