"""Identification by tables small enough to work by hand."""

import numpy as np
import pytest

from ecgssl_core.evaluation.identification import (
    Pairs,
    equal_error_rate,
    mean_shares,
    pairs_of,
    rank_shares,
    ranks,
    refused_share,
    taken_share,
    threshold_at,
)

PEOPLE = np.array(["a", "b", "c"], dtype=object)
LIKENESS = np.array([[0.9, 0.2, 0.1], [0.8, 0.7, 0.1], [0.5, 0.5, 0.5]])


def test_the_rank_of_a_person_is_its_place_and_among_equals_the_last() -> None:
    assert ranks(LIKENESS, PEOPLE, PEOPLE).tolist() == [1, 2, 3]
    assert rank_shares(ranks(LIKENESS, PEOPLE, PEOPLE)) == (1 / 3, 1.0, 1.0)


def test_a_gallery_holds_each_person_once_and_those_of_all_probes() -> None:
    with pytest.raises(ValueError, match="twice"):
        ranks(LIKENESS, PEOPLE, np.array(["a", "a", "b"], dtype=object))
    with pytest.raises(ValueError, match="not in the gallery"):
        ranks(LIKENESS, np.array(["a", "b", "z"], dtype=object), PEOPLE)


def test_a_small_gallery_is_easier_than_a_large_one() -> None:
    generator = np.random.default_rng(0)
    people = np.array([str(number) for number in range(200)], dtype=object)
    likeness = generator.normal(size=(200, 200)) + 2.5 * np.eye(200)
    shares = [mean_shares(likeness, people, people, size)[0] for size in (10, 50, 200)]
    assert shares[0] > shares[1] > shares[2] == rank_shares(ranks(likeness, people, people))[0]
    with pytest.raises(ValueError, match="200 persons"):
        mean_shares(likeness, people, people, 201)


def test_whoever_is_probed_is_in_every_gallery_that_is_large_enough() -> None:
    probes, gallery = np.array(["a", "b"], dtype=object), np.array(["a", "b", *"cdefgh"], dtype=object)
    likeness = np.zeros((2, 8))
    likeness[0, 0], likeness[1, 0], likeness[1, 2:] = 1.0, -1.0, 0.5  # b is found where nobody else is there
    assert mean_shares(likeness, probes, gallery, 2)[0] == 1.0
    assert [mean_shares(likeness, probes, gallery, size)[0] for size in (3, 8)] == [0.5, 0.5]


def test_pairs_are_of_one_person_or_of_two() -> None:
    pairs = pairs_of(LIKENESS, PEOPLE, PEOPLE)
    assert sorted(pairs.genuine.tolist()) == [0.5, 0.7, 0.9]
    assert len(pairs.impostor) == 6


def test_the_equal_error_rate_lies_where_both_errors_meet() -> None:
    # at 0.5 a quarter of each kind is wrong
    pairs = Pairs(np.array([0.4, 0.6, 0.7, 0.8]), np.array([0.1, 0.2, 0.3, 0.55]))
    assert equal_error_rate(pairs) == pytest.approx(0.25)
    assert equal_error_rate(Pairs(np.array([0.9, 0.8]), np.array([0.1, 0.2]))) == 0
    assert equal_error_rate(Pairs(np.array([0.1, 0.2]), np.array([0.9, 0.8]))) == 1
    assert equal_error_rate(Pairs(np.full(4, 0.5), np.full(9, 0.5))) == pytest.approx(0.5)


def test_a_threshold_lets_no_more_impostors_pass_than_it_may() -> None:
    impostor = np.arange(10_000) / 10_000
    threshold = threshold_at(impostor, 0.01)
    assert taken_share(impostor, threshold) == pytest.approx(0.01)
    assert refused_share(np.array([0.98, 0.995, 0.999, 1.0]), threshold) == 0.25
    assert taken_share(np.full(10_000, 0.3), threshold_at(np.full(10_000, 0.3), 0.01)) == 0


def test_a_rate_that_too_few_pairs_stand_behind_is_not_given() -> None:
    assert np.isnan(threshold_at(np.arange(2999) / 3000, 0.01))
    assert np.isnan(refused_share(np.array([0.5]), float("nan")))
