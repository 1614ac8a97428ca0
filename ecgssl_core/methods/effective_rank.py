"""How many directions the features of a batch fill."""

import torch
from torch import Tensor


def effective_rank(features: Tensor) -> Tensor:
    """Give exp of the entropy of the normalised singular values of centred features (Roy and Vetterli 2007).

    Args:
        features: (batch, width).
    """
    values = torch.linalg.svdvals(features.detach().float() - features.detach().float().mean(dim=0))
    share = values / values.sum().clamp(min=1e-12)
    return torch.exp(-(share * torch.log(share.clamp(min=1e-12))).sum())
