"""An encoder with its input's statistics: what is pretrained, and what a classifier is built on."""

import torch
from torch import Tensor, nn

from ecgssl_core.settings import Modality
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.spectrogram import spectrogram

from .reachable import cut_dead_taps
from .seresnet import SEResNet34
from .xresnet1d import XResNet1d50

ARCHITECTURES: dict[Modality, type[XResNet1d50] | type[SEResNet34]] = {"time": XResNet1d50, "spectrogram": SEResNet34}
_SMALLEST = 1e-8


class Encoder(nn.Module):
    """Series in mV, or spectrograms of them, to 512 features.

    The statistics are part of the network's state: a network cannot be loaded without them.

    Args:
        modality: which of the two it reads.
        spec: leads, spectrogram and statistics.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, modality: Modality, spec: InputSpec) -> None:
        super().__init__()
        self.modality, self.spec = modality, spec
        mean, std = (
            (spec.time_mean, spec.time_std) if modality == "time" else (spec.spectrogram_mean, spec.spectrogram_std)
        )
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("std", torch.tensor(std, dtype=torch.float32))
        self.network = ARCHITECTURES[modality](len(spec.leads))
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
            (batch, 512).
        """
        features: Tensor = self.network(self._standardised(values))
        return features

    def maps(self, values: Tensor) -> Tensor:
        """Give (batch, channels, places), what the features are pooled from; the values are those of `forward`."""
        return self.network.maps(self._standardised(values))

    def _standardised(self, values: Tensor) -> Tensor:
        shape = (1, -1, *[1] * (values.ndim - 2))
        return (values - self.mean.reshape(shape)) / (self.std.reshape(shape) + _SMALLEST)
