"""What a change did to an ECG: each figure moves when, and only when, what it measures moves."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from ecgssl_core.records.altered import Altered, altered
from ecgssl_core.signals.leads import LEADS, complete_limb_leads

RATE = 100.0
BEATS = np.arange(0.5, 5, 0.8)


def _ecg() -> NDArray[np.float32]:
    time = np.arange(500) / RATE
    beat = sum(np.exp(-(((time - at) / 0.02) ** 2)) for at in BEATS)
    rows = np.stack([size * beat for size in (0.6, 1.0, 0.5, 0.7, 0.9, 1.1, 1.2, 0.8)]).astype(np.float32)
    whole, leads, _ = complete_limb_leads(rows, ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6"))
    return whole[[leads.index(lead) for lead in LEADS]]


def _altered(after: NDArray[np.float32], gone: NDArray[np.bool_] | None = None) -> Altered:
    gone = np.zeros(after.shape, dtype=bool) if gone is None else gone
    return altered(_ecg(), after.astype(np.float32), BEATS, RATE, LEADS, gone)


def test_nothing_has_moved_where_nothing_was_changed() -> None:
    found = _altered(_ecg())
    assert found.rate_before == pytest.approx(75)
    assert found.rate_after == pytest.approx(75, abs=1)
    assert found.qrs_mv_before == found.qrs_mv_after
    assert found.st_mv == 0
    assert found.limb_mv == pytest.approx(0, abs=1e-6)
    assert found.snr_db is None
    assert found.kept == 1


def test_a_stretched_record_beats_slower_and_is_no_noisier() -> None:
    ecg = _ecg()[:, :250]
    slow = np.stack([np.interp(np.linspace(0, 249, 500), np.arange(250), row) for row in ecg]).astype(np.float32)
    found = altered(ecg, slow, BEATS[BEATS < 2.5], RATE, LEADS, np.zeros(slow.shape, dtype=bool))
    assert found.rate_before == pytest.approx(75)
    assert found.rate_after == pytest.approx(37.5, abs=1)
    assert found.snr_db is None or found.snr_db > 60


def test_scaling_moves_the_height_of_the_qrs_and_the_noise_alone() -> None:
    found = _altered(1.5 * _ecg())
    assert found.qrs_mv_before is not None
    assert found.qrs_mv_after == pytest.approx(1.5 * found.qrs_mv_before, rel=1e-5)
    assert found.rate_after == pytest.approx(75, abs=1)
    assert found.limb_mv == pytest.approx(0, abs=1e-6)


def test_the_largest_move_of_st_is_told_with_its_sign() -> None:
    after = _ecg()
    for at in BEATS:
        first = round((at + 0.1) * RATE)
        after[7, first : first + 6] -= 0.3
        after[8, first : first + 6] += 0.1
    assert _altered(after).st_mv == pytest.approx(-0.3, abs=0.01)


def test_noise_of_a_tenth_of_the_power_is_ten_decibels() -> None:
    ecg = _ecg()
    size = np.sqrt(np.square(ecg - ecg.mean(axis=1, keepdims=True)).mean() / 10)
    noise = np.random.default_rng(0).normal(0, size, ecg.shape)
    assert _altered(ecg + noise).snr_db == pytest.approx(10, abs=0.2)


def test_the_limb_leads_are_held_to_einthoven() -> None:
    after = _ecg()
    after[2] += 0.2
    assert _altered(after).limb_mv == pytest.approx(0.2, abs=1e-6)


def test_what_was_masked_counts_for_what_is_kept_and_for_nothing_else() -> None:
    after, gone = _ecg(), np.zeros((12, 500), dtype=bool)
    gone[6:] = True
    gone[:, 200:300] = True
    after[gone] = 0
    found = _altered(after, gone)
    assert found.kept == pytest.approx(0.4)
    assert found.snr_db is None
    assert found.qrs_mv_after == found.qrs_mv_before
    assert found.limb_mv == pytest.approx(0, abs=1e-6)


def test_the_gap_that_a_cut_leaves_between_beats_is_no_heart_rate() -> None:
    after, gone = _ecg(), np.zeros((12, 500), dtype=bool)
    gone[:, 160:400] = True  # the beats at 0.5, 1.3 and 4.5 s stay
    after[gone] = 0
    assert _altered(after, gone).rate_after == pytest.approx(75, abs=1)
    gone[:, 100:160] = True  # and now but two, with the cut between them
    after[gone] = 0
    found = _altered(after, gone)
    assert (found.rate_before, found.rate_after) == (None, None)


def test_what_cannot_be_measured_is_none() -> None:
    still = np.zeros((12, 40), dtype=np.float32)
    found = altered(still, still, np.zeros(0), RATE, LEADS, np.ones((12, 40), dtype=bool))
    assert replace(found, kept=0.0) == Altered(None, None, None, None, None, None, None, 0.0)


def test_without_the_three_limb_leads_there_is_no_residual() -> None:
    found = altered(_ecg()[6:], _ecg()[6:], BEATS, RATE, LEADS[6:], np.zeros((6, 500), dtype=bool))
    assert found.limb_mv is None
    assert found.rate_after is not None
