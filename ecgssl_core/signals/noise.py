"""Gaussian noise, white, of a random strength."""

from functools import cache

import torch
from torch import Tensor

from ecgssl_core.signals.chance import Chance

_BANK = 1 << 20


def add_noise(signal: Tensor, low_mv: float, high_mv: float, chance: Chance) -> Tensor:
    """Give the signal with white noise of one strength for each view, in all leads (Phan et al. 2022, GN).

    Each lead of each view takes a stretch, begun at random, of one long fixed sequence of normal numbers: fresh numbers
    for every sample would cost more than all the rest of a view.

    Args:
        signal: (batch, views, leads, samples), in mV.
        low_mv: weakest standard deviation, in mV.
        high_mv: strongest standard deviation, in mV.
        chance: source of chance.
    """
    _, views, leads, samples = signal.shape
    strength = chance.between(low_mv, high_mv, views, 1, 1)
    bank = _bank(signal.device)
    starts = (chance.uniform(views, leads) * (_BANK - samples)).long()
    noise = bank.unfold(0, samples, 1).index_select(0, starts.flatten()).reshape(signal.shape)
    return torch.addcmul(signal, noise, strength)


@cache
def _bank(device: torch.device) -> Tensor:
    return torch.randn(_BANK, generator=torch.Generator().manual_seed(0)).to(device)
