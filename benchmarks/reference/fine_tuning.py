"""Fused fine-tuning and inference in plain layers and loops."""

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from torch import Tensor, nn

from ecgssl_core.models.classifier import Classifier
from ecgssl_core.signals.spec import InputSpec

from .distillation import PlainEncoder, plain_adamw
from .spectrogram_views import plain_spectrogram
from .weights import load_ours


class PlainGate(nn.Module):
    """Two features weighted by a softmax over one number each."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = nn.Linear(1024, 2)

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Give (batch, 1024)."""
        weights = torch.softmax(self.gate(torch.cat([first, second], dim=1)), dim=1)
        return torch.cat([weights[:, 0:1] * first, weights[:, 1:2] * second], dim=1)


class PlainFused(nn.Module):
    """Both encoders, the gate, two linear layers."""

    def __init__(self, classes: int, leads: int = 12) -> None:
        super().__init__()
        self.encoders = nn.ModuleDict(
            {"time": PlainEncoder("time", leads), "spectrogram": PlainEncoder("spectrogram", leads)}
        )
        self.fusion = PlainGate()
        self.head = nn.Sequential(
            nn.Identity(), nn.Linear(1024, 512), nn.Identity(), nn.Identity(), nn.Linear(512, classes)
        )

    def forward(self, windows: Tensor, images: Tensor) -> Tensor:
        """Give (batch, classes) logits of windows (batch, leads, samples) and their spectrograms."""
        fused = self.fusion(self.encoders["time"](windows), self.encoders["spectrogram"](images))
        logits: Tensor = self.head(fused)
        return logits


def plain_fused(ours: Classifier, spec: InputSpec, classes: int) -> PlainFused:
    """Give the plain network with the weights of ours."""
    plain = PlainFused(classes, len(spec.leads))
    load_ours(plain, ours, spec)
    return plain


class PlainFineTuning:
    """A fused network and its optimiser.

    Args:
        network: what is trained.
        rate: learning rate.
    """

    def __init__(self, network: PlainFused, rate: float = 5e-3) -> None:
        self.network = network.train()
        self.optimiser = plain_adamw(network, rate, 0.0)

    def step(self, windows: Tensor, images: Tensor, labels: Tensor) -> float:
        """Train on windows with their spectrograms and labels (batch, classes) and give the loss."""
        loss = F.binary_cross_entropy_with_logits(self.network(windows, images), labels)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        return loss.item()


def plain_images(windows: NDArray[np.float32], spec: InputSpec) -> NDArray[np.float32]:
    """Give the spectrogram of each window, one window at a time."""
    return np.stack([plain_spectrogram(window, spec) for window in windows])


def plain_probabilities(network: PlainFused, signal: NDArray[np.float32], spec: InputSpec) -> NDArray[np.float64]:
    """Give the probabilities (classes,) of a record (leads, samples) in mV: the mean over its whole windows."""
    starts = range(0, signal.shape[1] - spec.window + 1, spec.stride)
    windows = np.stack([signal[:, start : start + spec.window] for start in starts])
    network.eval()
    with torch.no_grad():
        logits = network(torch.from_numpy(windows), torch.from_numpy(plain_images(windows, spec)))
    found: NDArray[np.float64] = torch.sigmoid(logits).double().numpy().mean(axis=0)
    return found
