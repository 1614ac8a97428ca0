"""Stretches of time set to zero: spans of all leads as in wav2vec 2.0, and one stretch of each lead as in 3KG."""

import math

import torch
from torch import Tensor

from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.cutout import in_spans

_FEWEST = 2


def draw_masked_spans(chance: Chance, views: int, samples: int, share: float, length: int) -> Tensor:
    """Give (batch, views, 1, samples) booleans: what masked spans cover, the same in all leads.

    wav2vec 2.0 as Oh et al. 2022 use it: floor(share · samples / length + u) spans, at least two, with different first
    samples, which may overlap. Here the last sample can be masked like any other, and no view depends on its batch.

    Args:
        chance: source of chance.
        views: of each record.
        samples: length of a view.
        share: of all spans together, before they overlap.
        length: of a span; longer ones than the view count as the view.
    """
    length = min(length, samples)
    places = samples - length + 1
    least = share * samples / length
    most = min(max(_FEWEST, math.floor(least + 1)), places)
    count = (least + chance.uniform(views, 1)).long().clamp(min=min(_FEWEST, places), max=most)
    starts = chance.uniform(views, places).topk(most, dim=-1).indices  # (batch, views, spans)
    spans = torch.stack([starts, torch.full_like(starts, length)], dim=-1)
    counted = torch.arange(most, device=starts.device) < count
    return (in_spans(spans, samples) & counted.unsqueeze(-1)).any(dim=2).unsqueeze(2)


def draw_lead_spans(chance: Chance, views: int, leads: int, samples: int, share: float) -> Tensor:
    """Give (batch, views, leads, samples) booleans: one stretch of each lead, which may run over the end to the start.

    Gopal et al. 2021 (3KG), as Oh et al. 2022 compare with it.
    """
    start = (chance.uniform(views, leads, 1) * samples).long()
    place = torch.arange(samples, device=start.device)
    return (place - start) % samples < int(share * samples)
