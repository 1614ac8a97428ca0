"""SE-ResNet34, the spectrogram encoder of Phan et al. 2022 (ResNet34 of He et al. 2016 gates of Hu et al. 2018)."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from .reachable import LivingConv2d

FEATURES = 512
_REDUCTION = 16


def _convolution(inputs: int, outputs: int, kernel: int, stride: int = 1, *, bias: bool = False) -> nn.Conv2d:
    convolution = LivingConv2d(inputs, outputs, kernel, stride, kernel // 2, bias=bias)
    nn.init.kaiming_normal_(convolution.weight, mode="fan_out")
    if convolution.bias is not None:
        nn.init.zeros_(convolution.bias)
    return convolution


class SqueezeExcitation(nn.Module):
    """Weight each channel by a gate computed from the means of all."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.squeeze = nn.Linear(channels, channels // _REDUCTION, bias=False)
        self.excite = nn.Linear(channels // _REDUCTION, channels, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        """Give maps (batch, channels, bins, frames) with their channels weighted."""
        return maps * self.gate(maps)

    def gate(self, maps: Tensor) -> Tensor:
        """Give the weights of the channels, (batch, channels, 1, 1)."""
        gate = torch.sigmoid(self.excite(F.relu(self.squeeze(maps.mean(dim=(2, 3))))))
        return gate[:, :, None, None]


class Block(nn.Module):
    """Two 3×3 convolutions and a squeeze-excitation beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Sequential(_convolution(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs))
        self.second = nn.Sequential(_convolution(outputs, outputs, 3), nn.BatchNorm2d(outputs))
        self.excitation = SqueezeExcitation(outputs)
        changes = stride != 1 or inputs != outputs
        match = [_convolution(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs)] if changes else []
        self.shortcut = nn.Sequential(*match)

    def forward(self, maps: Tensor) -> Tensor:
        """Give (batch, outputs, bins / stride, frames / stride)."""
        deep = self.excitation(self.second(F.relu_(self.first(maps))))
        return F.relu_(deep + self.shortcut(maps))


class SEResNet34(nn.Module):
    """Spectrograms to 512 features: the mean of each map of the last stage.

    21,470,144 parameters; maps for 13 × 21: 7×11, 4×6, 4×6, 2×3, 1×2, 1×1, so that 15,826,944 of the weights meet only
    padding (`reachable.py`).

    Args:
        leads: input channels.
    """

    features = channels = FEATURES

    def __init__(self, leads: int = 12) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            _convolution(leads, 64, 7, 2, bias=True), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        )
        blocks, inputs = [], 64
        for outputs, depth, first_stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
            for block in range(depth):
                blocks.append(Block(inputs, outputs, first_stride if block == 0 else 1))
                inputs = outputs
        self.stages = nn.Sequential(*blocks)

    def maps(self, image: Tensor) -> Tensor:
        """Give (batch, 512, places) of standardised spectrograms (batch, leads, bins, frames)."""
        # channels last in memory: the convolutions are faster, and the values the same
        maps: Tensor = self.stages(self.stem(image.contiguous(memory_format=torch.channels_last)))
        return maps.flatten(2)

    def forward(self, image: Tensor) -> Tensor:
        """Give the features of standardised spectrograms.

        Args:
            image: (batch, leads, bins, frames).

        Returns:
            (batch, 512).
        """
        return self.maps(image).mean(dim=2)
