"""A term that keeps features apart (Sablayrolles et al. 2019, arXiv:1806.03198, as used by DINOv2)."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor


def koleo_loss(features: Tensor) -> Tensor:
    """Give minus the mean logarithm of each feature's distance to its nearest neighbour, on the unit sphere.

    The Kozachenko-Leonenko estimate of entropy, but for constants: low where features spread out.

    Args:
        features: (batch, width), at least two.
    """
    unit = F.normalize(features.float(), dim=-1)
    with torch.no_grad():
        likeness = unit @ unit.T
        nearest = likeness.fill_diagonal_(-2.0).argmax(dim=1)
    distance = (unit - unit[nearest]).norm(dim=1)
    return -torch.log(distance + 1e-8).mean()
