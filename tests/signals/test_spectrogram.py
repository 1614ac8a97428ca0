"""The spectrogram against scipy, and the values of Phan et al. 2022 worked by hand."""

import numpy as np
import pytest
import torch
from scipy.signal import stft

from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.spectrogram import LOG_GAIN, frame_count, spectrogram

SPEC = InputSpec()


@pytest.mark.parametrize(("samples", "frames"), [(100, 9), (249, 21), (250, 21), (251, 21), (500, 40), (1000, 78)])
def test_equals_scipy(samples: int, frames: int) -> None:
    signal = np.random.default_rng(0).normal(size=(2, 12, samples)).astype(np.float32)
    hertz, _, expected = stft(signal, 100, "hann", 25, 12)
    found = spectrogram(torch.from_numpy(signal), SPEC)
    assert found.shape == (2, 12, 13, frames)
    assert frame_count(samples, SPEC) == frames
    assert hertz.tolist() == list(range(0, 52, 4))
    np.testing.assert_allclose(found.numpy(), np.abs(expected), atol=1e-6)


def test_a_constant_has_only_its_mean() -> None:
    image = spectrogram(torch.ones(1, 1, 250), SPEC)[0, 0]
    assert image[0, 5].item() == pytest.approx(1.0, abs=1e-6)
    assert image[0, 0].item() == pytest.approx(0.579685, abs=1e-6)
    assert image[1, 5].item() == pytest.approx(0.5, abs=1e-6)
    assert image[2:, 5].abs().max() < 1e-6


def test_a_sine_of_8_hz_stands_in_three_bins() -> None:
    seconds = torch.arange(250) / 100
    image = spectrogram(torch.sin(2 * torch.pi * 8 * seconds).reshape(1, 1, -1), SPEC)[0, 0]
    torch.testing.assert_close(image[1:4, 10], torch.tensor([0.25, 0.5, 0.25]), atol=1e-5, rtol=0)


def test_the_logarithm_is_of_the_same_magnitudes() -> None:
    signal = torch.randn(1, 2, 250, generator=torch.Generator().manual_seed(0))
    plain = spectrogram(signal, SPEC)
    logarithm = spectrogram(signal, InputSpec(log_spectrogram=True))
    torch.testing.assert_close(logarithm, torch.log1p(LOG_GAIN * plain))
