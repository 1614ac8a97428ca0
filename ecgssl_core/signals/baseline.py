"""What moves the baseline: a stretch that is raised or lowered, and slow waves."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.cutout import in_spans

_SHIFT_SHARE, _SHIFT_SPREAD = 0.2, 0.04  # of the view: mean and standard deviation of the shifted stretch's length
_WAVES = 3
_WANDER_HZ = (0.01, 0.2)
_LEAD_SPREAD = 0.5  # standard deviation of a lead's share in the wander, around 1


@dataclass(frozen=True)
class Wander:
    """Slow waves of a batch of views.

    size, hz, phase: (batch, views, waves) in mV, Hz and turns; share: (batch, views, leads), of each lead in them.
    """

    size: Tensor
    hz: Tensor
    phase: Tensor
    share: Tensor


def normal(chance: Chance, *shape: int) -> Tensor:
    """Give (batch, *shape) normal numbers of mean 0 and standard deviation 1 (Box and Muller 1958)."""
    radius = torch.sqrt(-2 * torch.log1p(-chance.uniform(*shape)))
    return radius * torch.cos(2 * math.pi * chance.uniform(*shape))


def draw_shift(chance: Chance, views: int, samples: int, high_mv: float) -> tuple[Tensor, Tensor]:
    """Give the stretches (batch, views, 1, 2) that are shifted, and by how much (batch, views, 1, 1) in mV.

    The published code of Oh et al. 2022 subtracts the size from the sign where it should multiply, so that every shift
    is about 1 mV; here it is even between minus and plus the largest.
    """
    share = _SHIFT_SHARE + _SHIFT_SPREAD * normal(chance, views, 1)
    count = (share * samples).long().clamp(min=1, max=samples)
    start = chance.below(samples - count + 1)
    return torch.stack([start, count], dim=-1), chance.between(-high_mv, high_mv, views, 1, 1)


def add_shift_(signal: Tensor, spans: Tensor, by: Tensor) -> Tensor:
    """Add the shift to all leads of the views (batch, views, leads, samples), in their own memory."""
    return signal.add_(in_spans(spans, signal.shape[-1]) * by)


def draw_wander(chance: Chance, views: int, leads: int, high_mv: float) -> Wander:
    """Give three slow waves for each view, of which each lead has its own share (normal, mean 1, spread 0.5)."""
    size = chance.between(0, high_mv, views, _WAVES)
    hz = chance.between(*_WANDER_HZ, views, _WAVES)
    phase = chance.uniform(views, _WAVES)
    return Wander(size, hz, phase, 1 + _LEAD_SPREAD * normal(chance, views, leads))


def add_wander_(signal: Tensor, wander: Wander, rate: float) -> Tensor:
    """Add the waves to the views (batch, views, leads, samples) at a rate, in their own memory."""
    seconds = torch.arange(signal.shape[-1], device=signal.device) / rate
    turns = wander.hz.unsqueeze(-1) * seconds + wander.phase.unsqueeze(-1)  # (batch, views, waves, samples)
    wave = (wander.size.unsqueeze(-1) * torch.cos(2 * math.pi * turns)).sum(dim=2)
    return signal.addcmul_(wander.share.unsqueeze(-1), wave.unsqueeze(2))
