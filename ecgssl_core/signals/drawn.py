"""Views of one record as arrays to look at, made by the function that training calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from ecgssl_core.settings import Modality, ViewSettings

from .chance import Chance
from .crop import crop
from .cutout import in_spans
from .leads import complete_limb_leads
from .spec import InputSpec, arrange, filtered
from .spectrogram import spectrogram
from .views import ViewGroup, make_spectrogram_views, make_time_views

Numbers = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DrawnGroup:
    """Views of one size.

    values: (views, leads, samples) in mV, or (views, leads, bins, frames); crops: (views, 2) first place and number of
    places of the source; gone: (views, leads, places) places of the view that were set to zero or fill in time; bins:
    (views, leads or 1, 2) first and number of the bins that were cut out, None where none were; stays: (views, leads),
    leads that were not masked; crossed: only where such places and bins cross is anything cut out.
    """

    name: str
    values: Numbers
    crops: NDArray[np.int64]
    gone: NDArray[np.bool_]
    bins: NDArray[np.int64] | None
    stays: NDArray[np.bool_]
    crossed: bool


@dataclass(frozen=True, eq=False)
class Drawn:
    """The stretch of a record that views are made of, in mV or as a spectrogram, where it begins (s), and its views."""

    source: Numbers
    image: Numbers | None
    begins_s: float
    groups: tuple[DrawnGroup, ...]


def ready(signal: Numbers, rate: float, leads: tuple[str, ...], spec: InputSpec) -> tuple[Numbers, InputSpec]:
    """Give a record as training reads it, and what it reads then: of the standard leads those that are there.

    Args:
        signal: (leads, samples) in mV; a missing sample counts as 0.
        rate: samples a second.
        leads: name of each row.
        spec: what a network reads.

    Raises:
        ValueError: none of the network's leads is there.
    """
    known = complete_limb_leads(np.nan_to_num(signal), leads)
    there = tuple(lead for lead in spec.leads if lead in known[1])
    if not there:
        raise ValueError(f"none of the leads {', '.join(spec.leads)} is there")
    spec = replace(spec, leads=there)
    return filtered(arrange(known[0], rate, known[1], spec), spec), spec


def draw_views(signal: Numbers, spec: InputSpec, settings: ViewSettings, modality: Modality, seed: int) -> Drawn:
    """Give the views that training would make of a record.

    Args:
        signal: (leads, samples) at spec.rate, in mV.
        spec: rate, leads and spectrogram.
        settings: number and kind of views.
        modality: of the series or of its spectrogram.
        seed: of everything random.
    """
    with _one_thread():
        return _drawn(signal, spec, settings, modality, seed)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep torch to one thread: tensors of one record are too small for more, which would spin beside a training."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _drawn(signal: Numbers, spec: InputSpec, settings: ViewSettings, modality: Modality, seed: int) -> Drawn:
    chance = Chance.of(seed, 0, torch.zeros(1, dtype=torch.long))
    samples = settings.time.source if modality == "time" else settings.spectrogram.source
    padded = np.pad(signal, ((0, 0), (0, max(samples - signal.shape[1], 0))))
    start = chance.below(torch.full((1, 1), padded.shape[1] - samples + 1))
    source = crop(torch.from_numpy(padded).unsqueeze(0), start, samples)[:, 0]
    image = None
    if modality == "time":
        views = make_time_views(source, settings, chance, spec.rate)
    else:
        image = spectrogram(source, spec)
        fill = image.mean(dim=(0, 2, 3)) if settings.spectrogram.fill == "mean" else torch.zeros(len(spec.leads))
        views = make_spectrogram_views(image, settings, fill, chance)
    named = zip(("global", "local"), views.groups(), strict=False)
    crossed = modality == "spectrogram" and settings.spectrogram.rectangle
    groups = tuple(_group(name, group, crossed) for name, group in named)
    return Drawn(source[0].numpy(), None if image is None else image[0].numpy(), start.item() / spec.rate, groups)


def _group(name: str, group: ViewGroup, crossed: bool) -> DrawnGroup:
    values, crops = group.values[0], group.crops[0]
    views, leads, places = values.shape[0], values.shape[1], values.shape[-1]
    gone = torch.zeros(views, leads, places, dtype=torch.bool)
    if group.cuts is not None:
        gone |= in_spans(group.cuts[0], places)
    if group.gone is not None:
        gone |= group.gone[0]
    stays = torch.ones(views, leads, dtype=torch.bool) if group.stays is None else group.stays[0]
    bins = None if group.bins is None else group.bins[0].numpy()
    return DrawnGroup(
        name,
        values.numpy(),
        crops.numpy(),
        gone.numpy(),
        bins,
        stays.numpy(),
        crossed and group.cuts is not None and bins is not None,
    )
