"""What a probe trains on encoders that stay as they are."""

import torch
from torch import Tensor, nn


class LinearProbe(nn.Module):
    """One linear layer on features brought to one scale (without that, one learning rate would not fit all).

    Args:
        features: width of the input.
        classes: number of logits.
    """

    def __init__(self, features: int, classes: int) -> None:
        super().__init__()
        self.scale = nn.BatchNorm1d(features, affine=False)
        self.linear = nn.Linear(features, classes)

    def forward(self, features: Tensor) -> Tensor:
        """Give (batch, classes) logits."""
        logits: Tensor = self.linear(self.scale(features))
        return logits


class AttentionPool(nn.Module):
    """The mean of a map over its places, weighted by attention of several learned queries.

    Args:
        channels: width of the map.
        heads: number of queries, each with its own weights.
    """

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        self.scale = nn.BatchNorm1d(channels, affine=False)
        self.queries = nn.Linear(channels, heads, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        """Give (batch, heads · channels) from maps (batch, channels, places)."""
        places = self.scale(maps).transpose(1, 2)  # (batch, places, channels)
        weights = torch.softmax(self.queries(places), dim=1)  # (batch, places, heads)
        pooled: Tensor = (weights.transpose(1, 2) @ places).flatten(1)
        return pooled
