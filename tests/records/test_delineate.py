"""Where waves begin and end, lead by lead."""

import numpy as np
import pytest

from ecgssl_core.records import delineate_network
from ecgssl_core.records.delineate import Wave, delineate
from tests.records.made_beats import QRS, RATE, P, T, made_ecg

ORDER = (P, QRS, T)


@pytest.fixture(scope="module")
def found() -> tuple[tuple[Wave, ...], ...]:
    return delineate(made_ecg().signal, RATE)


def test_each_lead_has_the_waves_of_each_beat_in_order(found: tuple[tuple[Wave, ...], ...]) -> None:
    for lead in found:
        kinds = [wave.kind for wave in lead]
        begin = kinds.index(0)
        assert kinds[begin : begin + 27] == [0, 1, 2] * 9


def test_boundaries_lie_where_the_waves_were_made(found: tuple[tuple[Wave, ...], ...]) -> None:
    apart = [[], [], []]
    for wave in (wave for lead in found for wave in lead if min(wave.onset, wave.end) > 0):
        first, last = (1000 * (at / RATE + 0.25) % 900 for at in (wave.onset, wave.end))
        apart[wave.kind].append((first - ORDER[wave.kind][0], last - ORDER[wave.kind][1]))
    medians = np.abs([np.median(pairs, axis=0) for pairs in apart])
    assert (medians <= [[15, 15], [10, 10], [25, 30]]).all(), medians  # ms; made waves have soft edges


def test_the_peak_lies_within_its_wave(found: tuple[tuple[Wave, ...], ...]) -> None:
    whole = [wave for lead in found for wave in lead if min(wave.onset, wave.end) >= 0]
    assert whole
    assert all(wave.onset < wave.peak < wave.end for wave in whole)


def test_a_wave_that_the_record_cuts_off_has_no_boundary_there() -> None:
    begin = round((QRS[0] + QRS[1]) / 2000 * RATE - 0.25 * RATE)  # in the middle of a QRS complex
    (lead,) = delineate(made_ecg().signal[1:2, begin:], RATE)
    assert lead[0].kind == 1
    assert lead[0].onset == -1
    assert lead[0].end > 0


def test_a_flat_lead_has_none_and_takes_none_from_the_others() -> None:
    signal = made_ecg().signal.copy()
    signal[4] = 0.7
    with_flat, without = delineate(signal, RATE), delineate(np.delete(signal, 4, axis=0), RATE)
    assert with_flat[4] == ()
    assert (*with_flat[:4], *with_flat[5:]) == without


def test_noise_alone_has_hardly_any_wave() -> None:
    noise = np.random.default_rng(0).normal(0, 0.2, (12, 5000))
    assert sum(len(lead) for lead in delineate(noise, RATE)) < 12


def test_the_parts_of_a_long_record_fit_together() -> None:
    (lead,) = delineate(made_ecg(60.0).signal[1:2], RATE)
    onsets = np.array([wave.onset for wave in lead if wave.kind == 1 and wave.onset > 0])
    assert len(onsets) == round(60 / 0.9)
    assert np.diff(onsets) == pytest.approx(0.9 * RATE, abs=4)


def test_chances_sum_to_one_for_any_length() -> None:
    weights = delineate_network.read_weights()
    for samples in (64, 250, 1001):
        signal = np.random.default_rng(0).normal(size=(3, samples)).astype(np.float32)
        chances = delineate_network.wave_chances(signal, weights)
        assert chances.shape == (3, 4, samples)
        assert chances.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_the_order_of_leads_does_not_matter() -> None:
    signal = made_ecg().signal
    assert delineate(signal[::-1], RATE)[::-1] == delineate(signal, RATE)


def test_the_shipped_weights_are_small() -> None:
    weights = delineate_network.read_weights()
    assert sum(array.size for array in weights.values()) < 300_000
    assert delineate_network.WEIGHTS.stat().st_size < 500_000
