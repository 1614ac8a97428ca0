"""The two encoders of Phan et al. 2022 in plain layers; parameters have the names and shapes of ours."""

import torch
from torch import Tensor, nn


def _series_layer(inputs: int, outputs: int, kernel: int, stride: int = 1, *, bias: bool = False) -> list[nn.Module]:
    convolution = nn.Conv1d(inputs, outputs, kernel, stride, kernel // 2, bias=bias)
    return [convolution, nn.BatchNorm1d(outputs)]


class PlainBottleneck(nn.Module):
    """1×1, 5 and 1×1 convolutions beside a shortcut."""

    def __init__(self, inputs: int, stride: int) -> None:
        super().__init__()
        self.narrow = nn.Sequential(*_series_layer(inputs, 64, 1))
        self.middle = nn.Sequential(*_series_layer(64, 64, 5, stride))
        self.widen = nn.Sequential(*_series_layer(64, 256, 1))
        pool = [nn.AvgPool1d(2, ceil_mode=True)] if stride == 2 else []
        match = _series_layer(inputs, 256, 1) if inputs != 256 else []
        self.shortcut = nn.Sequential(*pool, *match)

    def forward(self, maps: Tensor) -> Tensor:
        """Give (batch, 256, samples / stride)."""
        deep = self.middle(torch.relu(self.narrow(maps)))
        return torch.relu(self.widen(torch.relu(deep)) + self.shortcut(maps))


class PlainXResNet1d50(nn.Module):
    """Series (batch, leads, samples) to (batch, 512): maximum, then mean."""

    def __init__(self, leads: int = 12) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs, stride in ((leads, 32, 2), (32, 32, 1), (32, 64, 1)):
            layers += [*_series_layer(inputs, outputs, 5, stride, bias=not layers), nn.ReLU()]
        self.stem = nn.Sequential(*layers, nn.MaxPool1d(3, 2, 1))
        blocks, inputs = [], 64
        for depth, stride in ((3, 1), (4, 2), (6, 2), (3, 2)):
            for block in range(depth):
                blocks.append(PlainBottleneck(inputs, stride if block == 0 else 1))
                inputs = 256
        self.stages = nn.Sequential(*blocks)

    def forward(self, signal: Tensor) -> Tensor:
        """Give the features."""
        maps = self.stages(self.stem(signal))
        return torch.cat([maps.max(dim=2).values, maps.mean(dim=2)], dim=1)


class PlainSqueezeExcitation(nn.Module):
    """Weight each channel by a gate computed from the means of all."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.squeeze = nn.Linear(channels, channels // 16, bias=False)
        self.excite = nn.Linear(channels // 16, channels, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        """Give maps (batch, channels, bins, frames) with their channels weighted."""
        gate = torch.sigmoid(self.excite(torch.relu(self.squeeze(maps.mean(dim=(2, 3))))))
        return maps * gate[:, :, None, None]


def _image_layer(inputs: int, outputs: int, kernel: int, stride: int = 1, *, bias: bool = False) -> list[nn.Module]:
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=bias)
    return [convolution, nn.BatchNorm2d(outputs)]


class PlainBlock(nn.Module):
    """Two 3×3 convolutions and a squeeze-excitation beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Sequential(*_image_layer(inputs, outputs, 3, stride))
        self.second = nn.Sequential(*_image_layer(outputs, outputs, 3))
        self.excitation = PlainSqueezeExcitation(outputs)
        changes = stride != 1 or inputs != outputs
        self.shortcut = nn.Sequential(*(_image_layer(inputs, outputs, 1, stride) if changes else []))

    def forward(self, maps: Tensor) -> Tensor:
        """Give (batch, outputs, bins / stride, frames / stride)."""
        deep = self.excitation(self.second(torch.relu(self.first(maps))))
        return torch.relu(deep + self.shortcut(maps))


class PlainSEResNet34(nn.Module):
    """Spectrograms (batch, leads, bins, frames) to (batch, 512): the mean of each map."""

    def __init__(self, leads: int = 12) -> None:
        super().__init__()
        self.stem = nn.Sequential(*_image_layer(leads, 64, 7, 2, bias=True), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        blocks, inputs = [], 64
        for outputs, depth, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
            for block in range(depth):
                blocks.append(PlainBlock(inputs, outputs, stride if block == 0 else 1))
                inputs = outputs
        self.stages = nn.Sequential(*blocks)

    def forward(self, image: Tensor) -> Tensor:
        """Give the features."""
        maps: Tensor = self.stages(self.stem(image))
        return maps.mean(dim=(2, 3))
