"""Series to frames to context: the encoder of wav2vec 2.0 (Baevski et al. 2020) in the form of Oh et al. 2022."""

import math
from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from ecgssl_core.settings import EncoderSettings

from .transformer import TransformerLayer, dropped, start_linear

FRAME = 16  # samples of a frame: four halvings
_HALVINGS = 4
_TINY = 1e-5


class Wav2Vec(nn.Module):
    """A frame of 16 samples to a vector, and each vector into the context of all others.

    Args:
        leads: rows of the series.
        settings: width, layers, heads, dropout.
    """

    def __init__(self, leads: int, settings: EncoderSettings) -> None:
        super().__init__()
        self.settings = settings
        self.frame_encoder = FrameEncoder(leads, settings.frame_width)
        self.frame_norm = nn.LayerNorm(settings.frame_width)
        self.projection = start_linear(nn.Linear(settings.frame_width, settings.width))
        self.position = PositionConv(settings)
        self.norm = nn.LayerNorm(settings.width)
        self.layers = nn.ModuleList(TransformerLayer(settings) for _ in range(settings.layers))
        self.present: nn.Linear | None = None
        if settings.presence:
            self.present = start_linear(nn.Linear(leads, settings.width, bias=False))

    @property
    def features(self) -> int:
        """Width of the output."""
        return self.settings.width

    @property
    def channels(self) -> int:
        """Width of the maps that the features are pooled from."""
        return self.settings.width

    def forward(self, values: Tensor, present: Tensor | None = None) -> Tensor:
        """Give the features (batch, width) of series (batch, leads, samples): the mean over frames.

        present: (batch, leads), which leads are there; needed where the settings say `presence`.
        """
        return self.maps(values, present).mean(dim=2)

    def maps(self, values: Tensor, present: Tensor | None = None) -> Tensor:
        """Give (batch, width, frames), what the features are pooled from."""
        return self.context(self.project(self.frames(values)), present).transpose(1, 2)

    def frames(self, values: Tensor) -> Tensor:
        """Give the frames (batch, frames, frame width) of series (batch, leads, samples), before any norm.

        Their gradient is shortened by `frame_gradient`; with 0 the frame encoder stays as it is.
        """
        share = self.settings.frame_gradient
        if share == 0:
            with torch.no_grad():
                return self.frame_encoder(values)  # type: ignore[no-any-return]
        frames: Tensor = self.frame_encoder(values)
        return frames if share == 1 else frames * share + frames.detach() * (1 - share)

    def project(self, frames: Tensor) -> Tensor:
        """Give frames (batch, frames, frame width) in the transformer's width, with dropout."""
        return dropped(self.projection(self.frame_norm(frames)), self.settings.dropout, self.training)

    def context(self, frames: Tensor, present: Tensor | None = None) -> Tensor:
        """Give each of the frames (batch, frames, width) in the context of the others, of the same shape."""
        if self.present is not None:
            if present is None:
                raise ValueError("this network must be told which leads are there")
            frames = frames + self.present(present.to(frames.dtype))[:, None]
        frames = self.norm(frames + self.position(frames))
        frames = dropped(frames, self.settings.dropout, self.training)
        for layer in self.layers:
            if self.training and self.settings.layer_drop and torch.rand(()) < self.settings.layer_drop:
                continue
            frames = layer(frames)
        return frames


class FrameEncoder(nn.Module):
    """Four convolutions of kernel 2 and stride 2, each a product of pairs of neighbours; 16 samples become a frame.

    After the first, each filter is normalised over time (a group norm with as many groups as channels).

    Args:
        leads: rows of the series.
        width: filters of each convolution.
    """

    def __init__(self, leads: int, width: int) -> None:
        super().__init__()
        widths = (leads, *[width] * _HALVINGS)
        self.kernels = nn.ParameterList(
            nn.init.kaiming_normal_(torch.empty(filters, before, 2)) for before, filters in pairwise(widths)
        )
        self.gain = nn.Parameter(torch.ones(width))
        self.shift = nn.Parameter(torch.zeros(width))

    def forward(self, values: Tensor) -> Tensor:
        """Give (batch, samples / 16, width) of series (batch, leads, samples); up to 15 last samples go unread."""
        frames = values.transpose(1, 2)
        for place, kernel in enumerate(self.kernels):
            batch, length, width = frames.shape
            pairs = frames[:, : length - length % 2].reshape(batch, length // 2, 2 * width)
            weight = kernel.transpose(1, 2).reshape(len(kernel), 2 * width)
            frames = F.gelu(self._normalised(pairs, weight) if place == 0 else F.linear(pairs, weight))
        return frames

    def _normalised(self, pairs: Tensor, weight: Tensor) -> Tensor:
        """Give the first product (batch, length, filters), each filter normalised over time.

        Its variance follows from the covariance of the few values of a pair. So the norm is part of the product, and
        the widest array of the network is written once; nothing is lost where a small wave stands on a large offset.
        """
        with torch.autocast(pairs.device.type, enabled=False):
            centred = pairs.float() - pairs.float().mean(dim=1, keepdim=True)
            covariance = centred.transpose(1, 2) @ centred / centred.shape[1]
            variance = ((weight.float() @ covariance) * weight).sum(dim=2).clamp(min=0)  # rounding may go below
            scale = torch.rsqrt(variance + _TINY) * self.gain
        scaled = (scale[:, :, None] * weight).transpose(1, 2)
        return torch.baddbmm(self.shift, centred, scaled)


class PositionConv(nn.Module):
    """A wide convolution over frames that tells each where it stands among the others.

    Args:
        settings: width, kernel, groups; `causal` looks back only.
    """

    def __init__(self, settings: EncoderSettings) -> None:
        super().__init__()
        width, kernel = settings.width, settings.position_kernel
        self.before = kernel - 1 if settings.causal else kernel // 2
        conv = nn.Conv1d(width, width, kernel, groups=settings.position_groups)
        nn.init.normal_(conv.weight, std=math.sqrt(4 / (kernel * width)))
        assert conv.bias is not None
        nn.init.zeros_(conv.bias)
        self.conv = weight_norm(conv, dim=2)
        self.kernel = kernel

    def forward(self, frames: Tensor) -> Tensor:
        """Give (batch, frames, width) of frames (batch, frames, width)."""
        padded = F.pad(frames.transpose(1, 2), (self.before, self.kernel - 1 - self.before))
        return F.gelu(self.conv(padded)).transpose(1, 2)
