"""Crops of a record: the same length for all, or a random share stretched to that length."""

import torch
from torch import Tensor


def crop(source: Tensor, starts: Tensor, length: int) -> Tensor:
    """Give for each view the samples that begin at its start.

    Args:
        source: (batch, leads, samples).
        starts: (batch, views), first sample of each view.
        length: samples of a view.

    Returns:
        (batch, views, leads, length).
    """
    batch, leads, samples = source.shape
    row = torch.arange(batch * leads, device=source.device).reshape(batch, 1, leads) * samples
    # rows of a sliding window over the flat memory: each view is one contiguous copy, no index a sample
    windows = source.reshape(-1).unfold(0, length, 1)
    return windows.index_select(0, (row + starts.unsqueeze(-1)).flatten()).reshape(batch, -1, leads, length)


def stretch(source: Tensor, starts: Tensor, lengths: Tensor, length: int) -> Tensor:
    """Give for each view its span of the record, drawn out evenly to a common length by linear interpolation.

    Phan et al. 2022 crop a random share of a window and bring it back to the window's length, which changes the heart
    rate; their code spaces the samples randomly, here they are spaced evenly.

    Args:
        source: (batch, leads, samples).
        starts: (batch, views), first sample of each span.
        lengths: (batch, views), samples of each span, at least 2.
        length: samples of a view.

    Returns:
        (batch, views, leads, length).
    """
    share = torch.linspace(0, 1, length, device=source.device)
    return stretch_to(source, starts, share * (lengths - 1).unsqueeze(-1))


def uneven_places(draws: Tensor, lengths: Tensor) -> Tensor:
    """Give for each sample of a view where in its crop it lies, crop samples being spaced unevenly.

    The published code of Phan et al. 2022: the crop's first and last sample go to the view's ends, those between to
    places drawn at random, in order, and gaps are filled by straight lines.

    Args:
        draws: (batch, views, length) even numbers; the smallest ones within are the places taken.
        lengths: (batch, views), samples of each crop, 2 … length.

    Returns:
        (batch, views, length), from 0 to lengths - 1, rising.
    """
    length = draws.shape[-1]
    ranks = draws[..., 1:-1].argsort(dim=-1).argsort(dim=-1)
    taken = torch.ones_like(draws, dtype=torch.bool)
    taken[..., 1:-1] = ranks < (lengths - 2).unsqueeze(-1)
    place = torch.arange(length, device=draws.device).expand_as(taken)
    before = torch.where(taken, place, 0).cummax(dim=-1).values
    after = torch.where(taken, place, length).flip(-1).cummin(dim=-1).values.flip(-1)
    part = (place - before) / (after - before).clamp(min=1)
    return taken.cumsum(dim=-1) - 1 + part


def stretch_to(source: Tensor, starts: Tensor, places: Tensor) -> Tensor:
    """Give (batch, views, leads, length): the source (batch, leads, samples) at starts + places, by straight lines.

    Args:
        source: (batch, leads, samples).
        starts: (batch, views), first sample of each span.
        places: (batch, views, length), within the span.
    """
    place = starts.unsqueeze(-1) + places
    before = place.floor().long().clamp(max=source.shape[-1] - 2)
    part = (place - before).unsqueeze(2)
    return torch.lerp(_taken(source, before), _taken(source, before + 1), part)


def _taken(source: Tensor, index: Tensor) -> Tensor:
    batch, views, length = index.shape
    leads = source.shape[1]
    wide = source.unsqueeze(1).expand(batch, views, leads, source.shape[-1])
    return wide.gather(-1, index.unsqueeze(2).expand(batch, views, leads, length))
