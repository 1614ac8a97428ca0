"""The network as torch trains it; `ecgssl_core.records.delineate_network` evaluates the same weights in NumPy."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

CLASSES = 4  # none, P, QRS, T
DILATIONS = (1, 2, 4, 8)


class Block(nn.Sequential):
    """Convolution that keeps the length (or divides it by its stride), batch norm, ReLU."""

    def __init__(self, inner: int, outer: int, width: int, stride: int = 1, dilation: int = 1) -> None:
        padding = dilation * (width - 1) // 2 if width % 2 else (width - stride) // 2
        convolution = nn.Conv1d(inner, outer, width, stride, padding, dilation, bias=False)
        super().__init__(convolution, nn.BatchNorm1d(outer), nn.ReLU(inplace=True))


class WaveNetwork(nn.Module):
    """A U-Net over one lead's samples, whose deepest level also sees the mean over all leads of the record."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.fine = Block(1, 32, 16, stride=2), Block(32, 32, 5)
        self.down1, self.middle = Block(32, 48, 6, stride=2), Block(48, 48, 3)
        self.down2, self.coarse = Block(48, 64, 4, stride=2), Block(64, 64, 3)
        self.down3, self.meet = Block(64, 64, 4, stride=2), Block(128, 64, 1)
        self.wide = nn.ModuleList(Block(64, 64, 3, dilation=dilation) for dilation in DILATIONS)
        self.up3, self.up2, self.up1 = Block(128, 64, 3), Block(112, 48, 3), Block(80, 32, 3)
        self.head = nn.Conv1d(32, 2 * CLASSES, 5, padding=2)

    def forward(self, signal: Tensor) -> Tensor:
        """Give the logits (records, leads, 4, samples) of signals (records, leads, samples); samples in sixteens."""
        records, leads, samples = signal.shape
        fine = self.fine(self.stem(signal.reshape(records * leads, 1, samples)))
        half = self.middle(self.down1(fine))
        quarter = self.coarse(self.down2(half))
        deep = self.down3(quarter)
        apart = deep.reshape(records, leads, *deep.shape[1:])
        shared = apart.mean(dim=1, keepdim=True).expand_as(apart).reshape(deep.shape)
        deep = self.meet(torch.cat([deep, shared], dim=1))
        for block in self.wide:
            deep = deep + block(deep)
        rising = self.up3(torch.cat([_doubled(deep), quarter], dim=1))
        rising = self.up2(torch.cat([_doubled(rising), half], dim=1))
        rising = self.up1(torch.cat([_doubled(rising), fine], dim=1))
        pairs = self.head(rising).reshape(records, leads, CLASSES, 2, samples // 2)
        return pairs.transpose(3, 4).reshape(records, leads, CLASSES, samples)


def frozen(network: WaveNetwork) -> dict[str, NDArray[np.float16]]:
    """Give the weights (outer, inner, width) and biases of every convolution, batch norm folded in."""
    weights: dict[str, NDArray[np.float16]] = {}
    for name, module in network.named_modules():
        if isinstance(module, Block):
            convolution, norm = module[0], module[1]
            gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            weights[f"{name}.weight"] = _half(convolution.weight * gain[:, None, None])
            weights[f"{name}.bias"] = _half(norm.bias - norm.running_mean * gain)
    return weights | {"head.weight": _half(network.head.weight), "head.bias": _half(network.head.bias)}


def _half(values: Tensor) -> NDArray[np.float16]:
    return values.detach().numpy().astype(np.float16)


def _doubled(signal: Tensor) -> Tensor:
    return functional.interpolate(signal, scale_factor=2, mode="nearest")
