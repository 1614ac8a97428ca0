"""Change of rate: lengths, values, and ends that do not ring."""

import numpy as np
import pytest

from ecgssl_core.signals.resample import resample

RATES = [300, 257, 400, 1000, 360]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("samples", [2999, 3000, 3001])
def test_the_length_is_the_whole_number_below(rate: int, samples: int) -> None:
    changed = resample(np.zeros((2, samples), dtype=np.float32), rate, 100)
    assert changed.shape == (2, samples * 100 // rate)
    assert changed.dtype == np.float32


@pytest.mark.parametrize("rate", RATES)
def test_a_ramp_does_not_overshoot_at_its_ends(rate: int) -> None:
    ramp = np.linspace(0, 1, 10 * rate, dtype=np.float32)[None]
    changed = resample(ramp, rate, 100)[0]
    wanted = np.interp(np.arange(len(changed)) / 100, np.arange(ramp.shape[1]) / rate, ramp[0])
    assert np.abs(changed - wanted).max() < 0.01


@pytest.mark.parametrize("rate", RATES)
def test_a_slow_wave_keeps_its_shape(rate: int) -> None:
    wave = np.sin(2 * np.pi * 5 * np.arange(10 * rate) / rate).astype(np.float32)[None]
    changed = resample(wave, rate, 100)[0]
    wanted = np.sin(2 * np.pi * 5 * np.arange(len(changed)) / 100)
    assert np.abs(changed - wanted)[50:-50].max() < 0.01


def test_the_same_rate_changes_nothing() -> None:
    signal = np.random.default_rng(0).normal(size=(1, 40)).astype(np.float32)
    assert resample(signal, 100, 100) is signal


@pytest.mark.parametrize(("rate", "target"), [(0, 100), (100, 0), (-1, 100)])
def test_a_rate_that_is_not_positive_is_refused(rate: float, target: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        resample(np.zeros((1, 10), dtype=np.float32), rate, target)
