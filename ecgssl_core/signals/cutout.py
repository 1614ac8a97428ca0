"""Time Cutout and Frequency Cutout: one span of a view set to a value (Phan et al. 2022, equation 1)."""

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
    # a product is several times faster than a choice
    return signal.mul_((~in_spans(spans, signal.shape[-1])).float())
