"""xresnet1d50, the series encoder of Phan et al. 2022 (as in the PTB-XL benchmarks: 64 wide in every stage)."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

FEATURES = 512
_WIDTH, _WIDE = 64, 256


class SeriesConv(nn.Conv1d):
    """A 1-D convolution of maps (batch, channels, 1, samples).

    Computed as 2-D with channels last in memory, it takes little more than half the time; the values are the same.
    """

    def forward(self, maps: Tensor) -> Tensor:
        """Give (batch, channels, 1, samples / stride)."""
        padding = (0, int(self.padding[0]))
        return F.conv2d(maps, self.weight.unsqueeze(2), self.bias, (1, self.stride[0]), padding)


def _convolution(inputs: int, outputs: int, kernel: int, stride: int = 1, *, bias: bool = False) -> SeriesConv:
    convolution = SeriesConv(inputs, outputs, kernel, stride, kernel // 2, bias=bias)
    nn.init.kaiming_normal_(convolution.weight)
    if convolution.bias is not None:
        nn.init.zeros_(convolution.bias)
    return convolution


def _norm(channels: int, gain: float = 1.0) -> nn.BatchNorm2d:
    norm = nn.BatchNorm2d(channels)
    nn.init.constant_(norm.weight, gain)
    nn.init.constant_(norm.bias, 1e-3)
    return norm


class Bottleneck(nn.Module):
    """1×1, 5 and 1×1 convolutions beside a shortcut; the last gain starts at 0, the block as identity."""

    def __init__(self, inputs: int, stride: int) -> None:
        super().__init__()
        self.narrow = nn.Sequential(_convolution(inputs, _WIDTH, 1), _norm(_WIDTH))
        self.middle = nn.Sequential(_convolution(_WIDTH, _WIDTH, 5, stride), _norm(_WIDTH))
        self.widen = nn.Sequential(_convolution(_WIDTH, _WIDE, 1), _norm(_WIDE, gain=0.0))
        pool = [nn.AvgPool2d((1, 2), ceil_mode=True)] if stride == 2 else []
        match = [_convolution(inputs, _WIDE, 1), _norm(_WIDE)] if inputs != _WIDE else []
        self.shortcut = nn.Sequential(*pool, *match)

    def forward(self, maps: Tensor) -> Tensor:
        """Give (batch, 256, 1, samples / stride)."""
        deep = F.relu_(self.middle(F.relu_(self.narrow(maps))))
        return F.relu_(self.widen(deep) + self.shortcut(maps))


class XResNet1d50(nn.Module):
    """Series to 512 features: the maximum and the mean over time of 256 channels, the maximum first.

    886,432 parameters; lengths for 250 samples: 125, 125, 125, 63, 63, 32, 16, 8.

    Args:
        leads: input channels.
    """

    features = FEATURES
    channels = _WIDE

    def __init__(self, leads: int = 12) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs, stride in ((leads, 32, 2), (32, 32, 1), (32, 64, 1)):
            layers += [_convolution(inputs, outputs, 5, stride, bias=not layers), _norm(outputs), nn.ReLU(inplace=True)]
        self.stem = nn.Sequential(*layers, nn.MaxPool2d((1, 3), (1, 2), (0, 1)))
        blocks, inputs = [], 64
        for depth, first_stride in ((3, 1), (4, 2), (6, 2), (3, 2)):
            for block in range(depth):
                blocks.append(Bottleneck(inputs, first_stride if block == 0 else 1))
                inputs = _WIDE
        self.stages = nn.Sequential(*blocks)

    def maps(self, signal: Tensor) -> Tensor:
        """Give (batch, 256, samples / 32) of standardised series (batch, leads, samples)."""
        maps: Tensor = self.stages(self.stem(signal.unsqueeze(2).contiguous(memory_format=torch.channels_last)))
        return maps.squeeze(2)

    def forward(self, signal: Tensor) -> Tensor:
        """Give the features of standardised series.

        Args:
            signal: (batch, leads, samples).

        Returns:
            (batch, 512).
        """
        maps = self.maps(signal)
        return torch.cat([maps.amax(dim=-1), maps.mean(dim=-1)], dim=1)
