"""Batch normalisation at rest, written into the convolution before it: the same values in fewer passes."""

import torch
from torch import nn


@torch.no_grad()
def fold_normalisation(network: nn.Module) -> nn.Module:
    """Fold each normalisation that follows a convolution into it, in place, for use in evaluation mode only.

    y = gain · (w x + b - mean) / sqrt(var + eps) + bias is again a convolution.

    Args:
        network: in evaluation mode; it cannot be trained further, and its state no longer fits its class.
    """
    for module in network.modules():
        if not isinstance(module, nn.Sequential):
            continue
        for place, (layer, norm) in enumerate(zip(list(module), list(module)[1:], strict=False)):
            if isinstance(layer, nn.Conv1d | nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                _fold(layer, norm)
                module[place + 1] = nn.Identity()
    return network


def _fold(layer: nn.Conv1d | nn.Conv2d, norm: nn.BatchNorm2d) -> None:
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    before = 0.0 if layer.bias is None else layer.bias
    layer.weight.mul_(scale.reshape(-1, *[1] * (layer.weight.ndim - 1)))
    layer.bias = nn.Parameter((before - norm.running_mean) * scale + norm.bias, requires_grad=False)
