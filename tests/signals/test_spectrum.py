"""The spectrogram that is looked at is the one that the network reads."""

import numpy as np
import pytest
import torch

from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.spectrogram import spectrogram
from ecgssl_core.signals.spectrum import spectrum_of


@pytest.mark.parametrize("samples", [250, 257, 1000])
@pytest.mark.parametrize("logarithm", [False, True])
def test_it_equals_what_the_network_reads(samples: int, logarithm: bool) -> None:
    spec = InputSpec(log_spectrogram=logarithm)
    signal = np.random.default_rng(1).normal(0, 0.3, samples).astype(np.float32)
    hertz, seconds, magnitude = spectrum_of(signal, spec)
    read = spectrogram(torch.from_numpy(signal)[None, None], spec)[0, 0].numpy()
    assert magnitude.shape == read.shape == (len(hertz), len(seconds))
    assert np.abs(magnitude - read).max() < 1e-5
    assert hertz.tolist() == [place * 4.0 for place in range(13)]
    assert seconds[1] == pytest.approx(0.13)
