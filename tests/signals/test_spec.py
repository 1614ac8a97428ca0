"""The input specification: arranging any record, and cutting it into windows."""

import numpy as np
import pytest

from ecgssl_core.signals.leads import LEADS
from ecgssl_core.signals.spec import InputSpec, arrange, cut_windows, prepare, window_starts

SPEC = InputSpec()


@pytest.mark.parametrize(
    ("samples", "starts"),
    [
        (250, [0]),
        (374, [0, 124]),
        (375, [0, 125]),
        (500, [0, 125, 250]),
        (1000, [0, 125, 250, 375, 500, 625, 750]),
        (1024, [0, 125, 250, 375, 500, 625, 750, 774]),
    ],
)
def test_windows_follow_the_stride_and_end_with_the_record(samples: int, starts: list[int]) -> None:
    assert window_starts(samples, SPEC).tolist() == starts


@pytest.mark.parametrize(
    ("samples", "windows"), [(250, 1), (374, 1), (375, 2), (500, 3), (1000, 7), (1024, 7), (1100, 7)]
)
def test_the_windows_on_the_stride_are_as_many_as_published(samples: int, windows: int) -> None:
    starts = window_starts(samples, SPEC)
    assert int((starts % SPEC.stride == 0).sum()) == windows
    assert starts[-1] + SPEC.window == samples


def test_a_short_record_gives_one_window_followed_by_zeros() -> None:
    windows = cut_windows(np.ones((12, 100), dtype=np.float32), SPEC)
    assert windows.shape == (1, 12, 250)
    assert windows[..., :100].min() == 1
    assert windows[..., 100:].max() == 0


def test_each_lead_stays_its_own() -> None:
    seconds = np.arange(5000) / 500
    signal = np.stack([np.sin(2 * np.pi * (lead + 1) * seconds) for lead in range(12)]).astype(np.float32)
    backwards = arrange(signal[::-1], 500, LEADS[::-1], SPEC)
    peaks = np.abs(np.fft.rfft(backwards)).argmax(axis=1) / 10
    assert peaks.tolist() == list(range(1, 13))


def test_limb_leads_are_derived_and_chest_leads_are_not() -> None:
    signal = np.random.default_rng(0).normal(size=(8, 1000)).astype(np.float32)
    leads = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
    arranged = arrange(signal, 100, leads, SPEC)
    np.testing.assert_allclose(arranged[2], signal[1] - signal[0], rtol=1e-5)
    with pytest.raises(ValueError, match="V1"):
        arrange(signal[:2], 100, ("I", "II"), SPEC)


@pytest.mark.parametrize("rate", [300, 400, 500, 1000])
def test_ten_seconds_at_any_rate_give_seven_windows(rate: int) -> None:
    signal = np.zeros((12, 10 * rate), dtype=np.float32)
    assert prepare(signal, rate, LEADS, SPEC).shape == (7, 12, 250)


def test_the_specification_survives_json() -> None:
    changed = SPEC.with_statistics(time_mean=tuple(range(12)))
    assert InputSpec.from_json(changed.as_json()) == changed


ANY = InputSpec(fewer_leads=True)


def test_a_missing_lead_is_silent_where_the_network_reads_fewer() -> None:
    signal = np.random.default_rng(0).normal(size=(2, 300)).astype(np.float32)
    found = arrange(signal, 100, ("V2", "V5"), ANY)
    assert [lead for lead, row in zip(LEADS, found, strict=True) if row.any()] == ["V2", "V5"]
    assert np.array_equal(found[[7, 10]], signal)


@pytest.mark.parametrize("gone", [("III",), ("aVR", "aVF"), ("V1",), ("I",), ("V1", "V2", "V3", "V4", "V5", "V6")])
def test_a_lead_that_is_missing_and_one_that_is_silenced_are_the_same(gone: tuple[str, ...]) -> None:
    signal = np.random.default_rng(0).normal(size=(12, 300)).astype(np.float32)
    rows = [row for row, lead in enumerate(LEADS) if lead not in gone]
    silenced = signal.copy()
    silenced[[LEADS.index(lead) for lead in gone]] = 0
    missing = arrange(signal[rows], 100, tuple(LEADS[row] for row in rows), ANY)
    assert np.array_equal(arrange(silenced, 100, LEADS, ANY), missing)


def test_limb_leads_follow_from_two_of_them() -> None:
    signal = np.full((2, 300), [[0.6], [1.0]], np.float32)
    found = arrange(signal, 100, ("I", "II"), ANY)[:6, 0]
    assert found.tolist() == pytest.approx([0.6, 1.0, 0.4, -0.8, 0.1, 0.7])


def test_a_network_of_all_leads_refuses_a_record_that_lacks_some() -> None:
    with pytest.raises(ValueError, match="V1, V2"):
        arrange(np.zeros((2, 300), np.float32), 100, ("I", "II"), SPEC)
