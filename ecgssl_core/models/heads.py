"""Small networks that stand on an encoder's features."""

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn


class ProjectionHead(nn.Module):
    """Features to points on the unit sphere, by three linear layers, and the prototypes that stand on it.

    Phan et al. 2022 after DINO (Caron et al. 2021): GELU between, no normalisation, the prototypes' length fixed at 1.

    Args:
        features: width of the input.
        hidden: width of the two hidden layers.
        bottleneck: width of the sphere.
        prototypes: number of prototypes K.
    """

    def __init__(self, features: int, hidden: int, bottleneck: int, prototypes: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(features, hidden), nn.GELU(), nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, bottleneck)
        )
        self.prototypes = nn.Linear(bottleneck, prototypes, bias=False)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.trunc_normal_(layer.weight, std=0.02)
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    def forward(self, features: Tensor) -> Tensor:
        """Give unit vectors (batch, bottleneck) from features (batch, features)."""
        return F.normalize(self.layers(features), dim=-1)

    def directions(self) -> Tensor:
        """Give the prototypes as unit vectors (prototypes, bottleneck); a logit is the cosine to one of them."""
        return F.normalize(self.prototypes.weight, dim=-1)


def projection(features: int, hidden: int) -> nn.Module:
    """Give two layers with batch normalisation between (SimCLR, BYOL), or nothing where hidden is 0."""
    if not hidden:
        return nn.Identity()
    return nn.Sequential(
        nn.Linear(features, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Linear(hidden, hidden, bias=False)
    )


def single_head(features: int, classes: int, dropout: float) -> nn.Sequential:
    """Give one linear layer, evenly begun (Xavier), without bias at first, as in Oh et al. 2022."""
    layer = nn.Linear(features, classes)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return nn.Sequential(nn.Dropout(dropout), layer)


def classifier_head(features: int, hidden: int, classes: int, *, activation: bool, dropout: float) -> nn.Sequential:
    """Give two linear layers; without the activation they are one linear map in two factors, as in Phan et al. 2022."""
    return nn.Sequential(
        nn.Dropout(dropout),
        nn.Linear(features, hidden),
        nn.ReLU() if activation else nn.Identity(),
        nn.Dropout(dropout),
        nn.Linear(hidden, classes),
    )
