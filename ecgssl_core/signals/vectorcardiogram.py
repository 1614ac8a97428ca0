"""The heart's vector out of eight leads, turned and stretched, and brought back to twelve leads (3KG)."""

import math
from functools import cache

import torch
from torch import Tensor

from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.limb_leads import limb_leads_

# X, Y and Z as sums of V1 … V6, I and II (Edenbrandt and Pahlm 1988, the inverse of Dower's transform)
_INVERSE_DOWER = (
    (-0.172, -0.074, 0.122, 0.231, 0.239, 0.194, 0.156, -0.010),
    (0.057, -0.019, -0.106, -0.022, 0.041, 0.048, -0.227, 0.887),
    (-0.229, -0.310, -0.246, -0.063, 0.055, 0.108, 0.022, 0.102),
)
_INDEPENDENT = (6, 7, 8, 9, 10, 11, 0, 1)  # V1 … V6, I, II among the twelve


def draw_turns(chance: Chance, views: int, largest_deg: float, largest_scale: float) -> Tensor:
    """Give (batch, views, 3, 3): a turn about z, then y, then x, and then a stretch along each axis.

    Gopal et al. 2021 (3KG, arXiv:2106.04452), as Oh et al. 2022 compare with it.

    Args:
        chance: source of chance.
        views: of each record.
        largest_deg: angles are even between minus and plus this.
        largest_scale: stretches are even between 1 and this.
    """
    z, y, x = (chance.between(-1, 1, views, 3) * math.radians(largest_deg)).unbind(dim=-1)
    turn = _about(x, 1, 2) @ _about(y, 2, 0) @ _about(z, 0, 1)
    return chance.between(1, largest_scale, views, 3).unsqueeze(-1) * turn


def turn_heart_(signal: Tensor, turns: Tensor) -> Tensor:
    """Give the twelve leads of the turned heart, in the signal's own memory.

    What no single vector can tell of the eight leads is lost, as in 3KG.

    Args:
        signal: (batch, views, 12 leads, samples), in mV.
        turns: (batch, views, 3, 3).

    Raises:
        ValueError: there are not the twelve standard leads.
    """
    if signal.shape[-2] != 12:
        raise ValueError(f"a vectorcardiogram needs the twelve standard leads, not {signal.shape[-2]}")
    forth, back = _transforms(signal.device)
    whole = back @ turns @ forth  # (batch, views, 8, 8)
    signal[:, :, list(_INDEPENDENT)] = whole @ signal[:, :, list(_INDEPENDENT)]
    return limb_leads_(signal)


def _about(angle: Tensor, first: int, second: int) -> Tensor:
    """Give the matrices (…, 3, 3) that turn by an angle (…) from one axis towards another."""
    turn = torch.eye(3, device=angle.device).expand(*angle.shape, 3, 3).clone()
    turn[..., first, first] = turn[..., second, second] = torch.cos(angle)
    turn[..., second, first] = torch.sin(angle)
    turn[..., first, second] = -torch.sin(angle)
    return turn


@cache
def _transforms(device: torch.device) -> tuple[Tensor, Tensor]:
    """Give the matrices from eight leads to the vector (3, 8), and back (8, 3)."""
    forth = torch.tensor(_INVERSE_DOWER, dtype=torch.float64)
    return forth.float().to(device), torch.linalg.pinv(forth).float().to(device)
