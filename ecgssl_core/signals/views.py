"""Global and local views of a batch of records, as series or as spectrograms, for training and the Views page."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from ecgssl_core.settings import SpectrogramViews, ViewSettings
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.crop import crop, stretch, stretch_to, uneven_places
from ecgssl_core.signals.cutout import draw_spans, in_spans
from ecgssl_core.signals.distortion import RATE
from ecgssl_core.signals.disturbance import draw_disturbance
from ecgssl_core.signals.lead_masking import draw_leads


@dataclass(frozen=True)
class ViewGroup:
    """Views of one size, and where in the source they come from.

    values: (batch, views, leads, samples) in mV, or (batch, views, leads, bins, frames).
    crops: (batch, views, 2), first place and number of places of the source (samples, or frames of its spectrogram).
    cuts: (batch, views, leads or 1, 2), span that Time Cutout removed, in places of the view; None where it is off.
    gone: (batch, views, leads or 1, samples), what other masks set to zero; None where there are none.
    bins: (batch, views, leads or 1, 2), span of bins that Frequency Cutout removed; None where it is off.
    stays: (batch, views, leads), leads that lead masking left; None where it is off.
    """

    values: Tensor
    crops: Tensor
    cuts: Tensor | None
    gone: Tensor | None = None
    bins: Tensor | None = None
    stays: Tensor | None = None


@dataclass(frozen=True)
class Views:
    """The views of a batch: the teacher sees the global ones, the student all."""

    global_views: ViewGroup
    local_views: ViewGroup | None

    def groups(self) -> list[ViewGroup]:
        """Give the global views and, if there are any, the local ones."""
        return [self.global_views] if self.local_views is None else [self.global_views, self.local_views]


def make_time_views(source: Tensor, settings: ViewSettings, chance: Chance, rate: float = RATE) -> Views:
    """Give two or more global and several local views of each series (Phan et al. 2022, T1).

    Crop (and stretch, where asked for), the disturbances of Oh et al. 2022, Time Cutout, Gaussian noise, masked spans,
    lead masking, in this order.

    Args:
        source: (batch, leads, samples), in mV.
        settings: number and kind of views.
        chance: source of chance, one key a record.
        rate: samples a second.
    """
    view = settings.time
    shares = None if view.adjacent else (view.global_low, view.global_high), (view.local_low, view.local_high)
    counts, lengths = (settings.globals, settings.locals), (view.global_samples, view.local_samples)
    groups = [
        _time_group(source, settings, count, length, share, chance, rate)
        for count, length, share in zip(counts, lengths, shares, strict=True)
        if count
    ]
    return Views(groups[0], groups[1] if len(groups) > 1 else None)


def _time_group(
    source: Tensor,
    settings: ViewSettings,
    count: int,
    length: int,
    share: tuple[float, float] | None,
    chance: Chance,
    rate: float,
) -> ViewGroup:
    """Give the views of one length; without a share of the source to crop, they follow one another."""
    view, (batch, leads, samples) = settings.time, source.shape
    stretched = view.stretch and share is not None
    if stretched and share is not None:
        most = length if view.stretch_uneven else samples
        lengths = (chance.between(*share, count) * samples).long().clamp(min=2, max=most)
    else:
        lengths = torch.full((batch, count), length, device=source.device)
    starts = _adjacent(samples, lengths, chance) if share is None else chance.below(samples - lengths + 1)
    disturbance = draw_disturbance((batch, count, leads, length), settings, chance, rate)
    if not stretched:
        values = crop(source, starts, length)
    elif view.stretch_uneven:
        values = stretch_to(source, starts, uneven_places(chance.uniform(count, length), lengths))
    else:
        values = stretch(source, starts, lengths, length)
    crops = torch.stack([starts, lengths], dim=-1)
    gone, stays = disturbance.distortion.gone, disturbance.stays
    return ViewGroup(disturbance.apply_(values), crops, disturbance.cuts, gone, None, stays)


def _adjacent(samples: int, lengths: Tensor, chance: Chance) -> Tensor:
    """Give the first samples (batch, views) of views that follow one another from a random place on."""
    before = lengths.cumsum(dim=1) - lengths
    return chance.below(samples - lengths.sum(dim=1, keepdim=True) + 1) + before


def make_spectrogram_views(image: Tensor, settings: ViewSettings, fill: Tensor, chance: Chance) -> Views:
    """Give two or more global and several local views of each spectrogram (Phan et al. 2022, T2).

    Crop in time, Frequency Cutout, Time Cutout (or the rectangle where they cross), lead masking; a crop narrower than
    its group stands in the middle, the rest holds the fill value.

    Args:
        image: (batch, leads, bins, frames), not standardised.
        settings: number and kind of views.
        fill: (leads,) value of each lead where a view has no signal.
        chance: source of chance, one key a record.
    """
    view, frames = settings.spectrogram, image.shape[-1]
    shares = (view.global_low, view.global_high), (view.local_low, view.local_high)
    widths = frames, math.ceil(view.local_high * frames)
    groups = [
        _image_group(image, settings, count, width, share, fill, chance)
        for count, width, share in zip((settings.globals, settings.locals), widths, shares, strict=True)
        if count
    ]
    return Views(groups[0], groups[1] if len(groups) > 1 else None)


def _image_group(
    image: Tensor,
    settings: ViewSettings,
    count: int,
    width: int,
    share: tuple[float, float],
    fill: Tensor,
    chance: Chance,
) -> ViewGroup:
    view, (batch, leads, bins, frames) = settings.spectrogram, image.shape
    lengths = (chance.between(*share, count) * frames).long().clamp(min=1, max=width)
    starts = chance.below(frames - lengths + 1)
    left = (width - lengths) // 2
    flat = image.reshape(batch, leads * bins, frames)
    # the first frame of the group lies `left` frames before the crop, possibly before the spectrogram itself
    shifted = torch.nn.functional.pad(flat, (width, width))
    values = crop(shifted, starts - left + width, width).reshape(batch, count, leads, bins, width)
    inside = in_spans(torch.stack([left, lengths], dim=-1), width).unsqueeze(2)  # (batch, views, 1, width)
    shape = (batch, count, leads if view.cutout_per_lead else 1)
    rows = _cut_bins(view, shape, bins, chance) if view.frequency_cutout else None
    cuts = _cut_frames(view, shape, lengths, left, chance) if view.cutout else None
    if view.rectangle and rows is not None and cuts is not None:
        crossed = in_spans(rows, bins).unsqueeze(-1) & in_spans(cuts, width).unsqueeze(-2)
        values = torch.where(inside.unsqueeze(-2) & ~crossed, values, fill.reshape(-1, 1, 1))
    else:
        columns = inside if cuts is None else inside & ~in_spans(cuts, width)
        values = _filled(values, rows, columns, fill)
    stays = draw_leads(chance, count, leads, settings) if settings.lead_masking else None
    if stays is not None:
        values = values * stays[..., None, None]
    return ViewGroup(values, torch.stack([starts, lengths], dim=-1), cuts, None, rows, stays)


def _cut_bins(view: SpectrogramViews, shape: tuple[int, int, int], bins: int, chance: Chance) -> Tensor:
    """Give the spans of bins (batch, views, leads or 1, 2) that Frequency Cutout removes."""
    share = view.frequency_bins / bins
    places = torch.full(shape, bins, device=chance.keys.device)
    return draw_spans(chance, places, share, share, view.frequency_bins)


def _cut_frames(
    view: SpectrogramViews, shape: tuple[int, int, int], lengths: Tensor, left: Tensor, chance: Chance
) -> Tensor:
    """Give the spans of frames (batch, views, leads or 1, 2) that Time Cutout removes, each within its crop."""
    # at least one frame: a share of a narrow crop may round to none (a cut-out that cuts nothing)
    cuts = draw_spans(chance, lengths.unsqueeze(-1).expand(shape), view.cutout_low, view.cutout_high, least=1)
    return torch.stack([cuts[..., 0] + left.unsqueeze(-1), cuts[..., 1]], dim=-1)


def _filled(values: Tensor, rows: Tensor | None, columns: Tensor, fill: Tensor) -> Tensor:
    """Give values with `fill` (leads,) in the spans of bins, and in the frames that do not stay.

    Args:
        values: (batch, views, leads, bins, frames), overwritten.
        rows: (batch, views, leads or 1, 2), first bin and number of bins, the same number in all; None for none.
        columns: (batch, views, leads or 1, frames), which frames stay.
        fill: value of each lead.
    """
    batch, views, leads, bins, frames = values.shape
    if fill.any():
        stays = columns.unsqueeze(-2)
        if rows is not None:
            stays = stays & ~in_spans(rows, bins).unsqueeze(-1)
        return torch.where(stays, values, fill.reshape(-1, 1, 1))
    # silence: a product, and zeros written where they belong, are several times faster than a choice
    values.mul_(columns.float().unsqueeze(-2))
    if rows is not None:
        number = int(rows[0, 0, 0, 1])
        first = rows[..., 0].expand(batch, views, leads).reshape(-1, 1)
        image = torch.arange(batch * views * leads, device=values.device).unsqueeze(-1) * bins
        places = image + first + torch.arange(number, device=values.device)
        values.view(-1, frames).index_fill_(0, places.flatten(), 0.0)
    return values
