"""Gaussian noise, white, of a random strength."""

from functools import cache

import torch
from torch import Tensor

from ecgssl_core.signals.chance import Chance

_BANK = 1 << 18


def draw_noise(
    chance: Chance, views: int, leads: int, samples: int, low_mv: float, high_mv: float
) -> tuple[Tensor, Tensor]:
    """Give what decides the noise of a batch: strengths (batch, views, 1, 1) in mV, and starts (batch, views, leads).

    The strength is one for each view, in all leads (Phan et al. 2022, GN).
    """
    strength = chance.between(low_mv, high_mv, views, 1, 1)
    return strength, draw_starts(chance, views, leads, samples)


def draw_starts(chance: Chance, views: int, leads: int, samples: int) -> Tensor:
    """Give (batch, views, leads): where in the fixed sequence the noise of each lead begins."""
    return (chance.uniform(views, leads) * (_BANK - samples)).long()


def add_noise_(signal: Tensor, strength: Tensor, starts: Tensor) -> Tensor:
    """Add white noise to the signal, in its own memory.

    Each lead of each view takes a stretch of one long fixed sequence of normal numbers: fresh numbers for every sample
    would cost more than all the rest of a view.

    Args:
        signal: (batch, views, leads, samples), in mV.
        strength: (batch, views, leads or 1, 1), standard deviation in mV.
        starts: (batch, views, leads), where in the sequence a lead's stretch begins.
    """
    stretches = _bank(signal.device).unfold(0, signal.shape[-1], 1)
    return signal.addcmul_(stretches.index_select(0, starts.flatten()).reshape(signal.shape), strength)


@cache
def _bank(device: torch.device) -> Tensor:
    return torch.randn(_BANK, generator=torch.Generator().manual_seed(0)).to(device)
