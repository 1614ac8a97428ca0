"""Time Cutout and Frequency Cutout: one span of a view set to a value (Phan et al. 2022, equation 1)."""

from functools import lru_cache

import torch
from torch import Tensor

from ecgssl_core.signals.chance import Chance


def draw_spans(chance: Chance, lengths: Tensor, low: float, high: float, least: int = 0) -> Tensor:
    """Give one random span for each length.

    The span takes floor(U(low, high) · length) places, and its start is even over all places where it fits, both ends
    included.

    Args:
        chance: source of chance.
        lengths: (batch, …) whole numbers, places that a span may lie in.
        low: smallest share of the places.
        high: largest share of the places.
        least: fewest places, where a share would give fewer.

    Returns:
        (batch, …, 2): first place and number of places.
    """
    share = chance.between(low, high, *lengths.shape[1:])
    count = (share * lengths).long().clamp(min=least).minimum(lengths)
    start = chance.below(lengths - count + 1)
    return torch.stack([start, count], dim=-1)


def in_spans(spans: Tensor, length: int) -> Tensor:
    """Give (…, length) booleans: which places lie inside the spans (…, 2)."""
    places = torch.arange(length, device=spans.device)
    start = spans[..., :1]
    return (places >= start) & (places < start + spans[..., 1:])


def time_cutout_(signal: Tensor, spans: Tensor) -> Tensor:
    """Set the signal to zero inside each span, in its own memory; all else stays bit-equal.

    Args:
        signal: (…, leads, samples), in mV.
        spans: (…, leads or 1, 2), first sample and number of samples.
    """
    return signal.mul_(_outside(spans, signal.shape[-1]))


def _outside(spans: Tensor, length: int) -> Tensor:
    """Give (…, length) ones outside the spans (…, 2) and zeros inside.

    Each row is the sum of two stretches of a step, one that falls where the span begins, one that rises where it ends:
    copies, several times faster than comparing every place.
    """
    falling, rising = _steps(length, spans.device)
    starts, ends = spans[..., 0].flatten(), spans.sum(dim=-1).flatten()
    rows = falling.index_select(0, length - starts) + rising.index_select(0, length - ends)
    return rows.reshape(*spans.shape[:-1], length)


@lru_cache(maxsize=8)
def _steps(length: int, device: torch.device) -> tuple[Tensor, Tensor]:
    step = torch.cat([torch.ones(length, device=device), torch.zeros(length, device=device)])
    return step.unfold(0, length, 1), (1 - step).unfold(0, length, 1)
