"""An encoder with its input's statistics: what is pretrained, and what a classifier is built on."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from ecgssl_core.settings import EncoderSettings, Modality
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.spectrogram import spectrogram

from .reachable import cut_dead_taps
from .seresnet import SEResNet34
from .wav2vec import Wav2Vec
from .xresnet1d import XResNet1d50

Network = XResNet1d50 | SEResNet34 | Wav2Vec
_SMALLEST = 1e-8


class Encoder(nn.Module):
    """Series in mV, or spectrograms of them, to features.

    The statistics are part of the network's state: a network cannot be loaded without them.

    Args:
        modality: which of the two it reads.
        spec: leads, spectrogram and statistics.
        settings: which network reads the series, its sizes, and whether it is told which leads are there.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, modality: Modality, spec: InputSpec, settings: EncoderSettings | None = None) -> None:
        super().__init__()
        settings = settings or EncoderSettings()
        self.modality, self.spec, self.presence = modality, spec, settings.presence
        mean, std = (
            (spec.time_mean, spec.time_std) if modality == "time" else (spec.spectrogram_mean, spec.spectrogram_std)
        )
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("std", torch.tensor(std, dtype=torch.float32))
        self.network = network_of(modality, len(spec.leads), settings)
        if modality == "spectrogram":  # three quarters of its weights would meet only padding
            cut_dead_taps(self.network, self.view(torch.zeros(1, len(spec.leads), spec.window)))

    @property
    def features(self) -> int:
        """Width of the output."""
        return self.network.features

    @property
    def channels(self) -> int:
        """Width of the maps that the features are pooled from."""
        return self.network.channels

    def view(self, windows: Tensor) -> Tensor:
        """Give what `forward` takes, from windows (batch, leads, samples) in mV."""
        return windows if self.modality == "time" else spectrogram(windows, self.spec)

    def forward(self, values: Tensor) -> Tensor:
        """Give the features.

        Args:
            values: (batch, leads, samples) in mV, or (batch, leads, bins, frames), not standardised.

        Returns:
            (batch, features).
        """
        return self._read(self.network, values)

    def maps(self, values: Tensor) -> Tensor:
        """Give (batch, channels, places), what the features are pooled from; the values are those of `forward`."""
        return self._read(self.network.maps, values)

    def ready(self, values: Tensor) -> tuple[Tensor, Tensor | None]:
        """Give values standardised, and which leads are there, (batch, leads), where the network is to know.

        A lead is there unless each of its samples is 0: one that is missing and one that is silent are the same.
        """
        shape = (1, -1, *[1] * (values.ndim - 2))
        standard = (values - self.mean.reshape(shape)) / (self.std.reshape(shape) + _SMALLEST)
        if not self.presence:
            return standard, None
        present = values.flatten(2).any(dim=2)
        return standard * present.reshape(*present.shape, *shape[2:]), present

    def _read(self, network: Callable[..., Tensor], values: Tensor) -> Tensor:
        standard, present = self.ready(values)
        return network(standard, present) if isinstance(self.network, Wav2Vec) else network(standard)


def network_of(modality: Modality, leads: int, settings: EncoderSettings) -> Network:
    """Give a network as it begins.

    Args:
        modality: what it reads.
        leads: rows of that.
        settings: which reads the series.
    """
    if modality == "spectrogram":
        return SEResNet34(leads)
    return Wav2Vec(leads, settings) if settings.series == "wav2vec" else XResNet1d50(leads)
