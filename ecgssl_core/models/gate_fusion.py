"""Two modalities weighted against each other by a softmax over one number each (Phan et al. 2022)."""

import torch
from torch import Tensor, nn


class GateFusion(nn.Module):
    """Concatenate two feature vectors, each times its gate weight; w = softmax(W [f1; f2] + b).

    Args:
        features: width of each vector.
    """

    def __init__(self, features: int) -> None:
        super().__init__()
        self.gate = nn.Linear(2 * features, 2)

    def forward(self, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
        """Give the fused features and the gate weights.

        Args:
            first: (batch, features) of the first modality.
            second: (batch, features) of the second.

        Returns:
            (batch, 2 · features), and (batch, 2) weights that sum to 1.
        """
        weights = torch.softmax(self.gate(torch.cat([first, second], dim=1)), dim=1)
        return torch.cat([weights[:, :1] * first, weights[:, 1:] * second], dim=1), weights
