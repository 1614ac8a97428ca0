"""Filters that keep what they should, move nothing in time, and take short signals."""

import numpy as np
import pytest

from ecgssl_core.signals.filters import bandpass, highpass

RATE = 500
TIME = np.arange(10 * RATE) / RATE
INNER = slice(2 * RATE, -2 * RATE)  # the ends settle


def wave(hz: float) -> np.ndarray:
    return np.sin(2 * np.pi * hz * TIME).astype(np.float32)[None]


@pytest.mark.parametrize(("hz", "share"), [(0.0, 0.0), (0.1, 0.0), (5.0, 1.0), (40.0, 1.0)])
def test_a_highpass_takes_what_lies_below(hz: float, share: float) -> None:
    source = wave(hz) + (hz == 0)
    np.testing.assert_allclose(highpass(source, RATE, 1.0)[:, INNER], share * source[:, INNER], atol=0.02)


@pytest.mark.parametrize(("hz", "share"), [(0.1, 0.0), (6.0, 1.0), (200.0, 0.0)])
def test_a_bandpass_keeps_its_band_and_moves_nothing_in_time(hz: float, share: float) -> None:
    np.testing.assert_allclose(bandpass(wave(hz), RATE, 1.0, 40.0)[:, INNER], share * wave(hz)[:, INNER], atol=0.03)


def test_a_band_beyond_half_the_rate_is_open_above() -> None:
    np.testing.assert_array_equal(bandpass(wave(9), RATE, 1.0, 250.0), highpass(wave(9), RATE, 1.0))


@pytest.mark.parametrize("samples", [2, 3, 10])
def test_a_very_short_signal_is_filtered_too(samples: int) -> None:
    filtered = highpass(np.ones((2, samples), dtype=np.float32), RATE, 1.0)
    assert filtered.shape == (2, samples)
    assert np.isfinite(filtered).all()
