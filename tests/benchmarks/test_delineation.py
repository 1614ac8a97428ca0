"""The measuring of delineators: matching worked by hand, and the network's two forms beside each other."""

import numpy as np
import pytest
import torch

from benchmarks.delineator.batches import UNKNOWN, batches, piece_of
from benchmarks.delineator.ludb import Marked, folds_of
from benchmarks.delineator.matching import Matches, bounds, match, matches_of, score
from benchmarks.delineator.network import WaveNetwork, frozen
from ecgssl_core.records import delineate_network


def test_matching_is_one_to_one_and_nearest_first() -> None:
    marked, detected = np.array([100.0, 200.0]), np.array([90.0, 130.0, 190.0])
    assert match(marked, detected, 150) == [(0, 0), (1, 2)]
    assert match(marked, np.array([160.0]), 150) == [(1, 0)]
    assert match(marked, np.array([160.0]), 39) == []


def test_points_outside_the_marked_span_count_only_where_they_match() -> None:
    found = matches_of(np.array([1000.0]), np.array([100.0, 990.0, 1500.0]), (1000.0, 2000.0), 150)
    assert (found.errors.tolist(), found.missed, found.false) == ([-10.0], 0, 1)


def test_the_figures_of_two_records_are_those_worked_by_hand() -> None:
    one = score([Matches(np.array([1.0, 3.0]), 1, 0), Matches(np.array([-2.0, -2.0]), 0, 1)])
    assert (one.sensitivity, one.precision, one.f1) == (4 / 5, 4 / 5, 8 / 10)
    assert one.mean == pytest.approx(0)
    assert one.sd == pytest.approx(np.sqrt(2) / 2)


def test_intervals_over_records_hold_the_figure() -> None:
    chance = np.random.default_rng(0)
    records = [Matches(chance.normal(0, 5, 20), int(chance.integers(3)), int(chance.integers(3))) for _ in range(30)]
    whole, (low, high) = score(records), bounds(records, 200)
    assert low.f1 < whole.f1 < high.f1
    assert low.sd < whole.sd < high.sd


def test_folds_have_twenty_records_each_and_do_not_move() -> None:
    folds = folds_of(200)
    assert np.bincount(folds).tolist() == [20] * 10
    assert folds[:8].tolist() == folds_of(200)[:8].tolist()


def test_numpy_and_torch_give_the_same_chances_of_any_weights() -> None:
    torch.manual_seed(0)
    network = WaveNetwork()
    network(torch.randn(2, 3, 256))  # moves the running statistics away from 0 and 1
    network.eval()
    signal = np.random.default_rng(0).normal(size=(3, 512)).astype(np.float32)
    with torch.no_grad():
        wanted = network(torch.from_numpy(signal)[None])[0].softmax(dim=1).numpy()
    weights = {name: array.astype(np.float32) for name, array in frozen(network).items()}
    given = delineate_network.wave_chances(signal, weights)
    assert np.abs(given - wanted).max() < 2e-3  # the weights are kept with eleven bits


def made_record() -> Marked:
    waves = np.array([(1, 1000, 1020, 1050), (2, 1200, 1280, 1350), (1, -1, 1600, 1630)])
    signal = np.random.default_rng(0).normal(size=(12, 5000)).astype(np.float32)
    return Marked("made", signal, (waves,) * 12, np.array([(1000, 1630)] * 12), "sinus rhythm", "normal")


def test_nothing_outside_the_marks_or_beside_a_missing_one_is_learned_from() -> None:
    classes = piece_of(made_record()).classes[0]
    assert set(classes[:994]) == {UNKNOWN} == set(classes[1660:])
    assert set(classes[1000:1051]) == {2}
    assert set(classes[1200:1351]) == {3}
    assert set(classes[1051:1200]) == {0}
    assert set(classes[1575:1630]) == {UNKNOWN}


def test_batches_hold_the_same_number_of_leads_whatever_their_records() -> None:
    pieces = [piece_of(made_record())]
    for signal, classes in batches(pieces, 10, np.random.default_rng(0)):
        assert signal.shape == classes.shape
        assert signal.shape[0] * signal.shape[1] == 24
        assert signal.dtype == torch.float32
