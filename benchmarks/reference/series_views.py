"""Views of the series, one record, one view and one lead at a time."""

from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.settings import TimeViews, ViewSettings

Signal = NDArray[np.float32]


@dataclass(frozen=True)
class SeriesDraw:
    """What is drawn for a view: where its crop begins and how long that is, and the span cut out of each lead."""

    start: int
    length: int
    cuts: tuple[tuple[int, int], ...]


def series_view(source: Signal, drawn: SeriesDraw, samples: int) -> Signal:
    """Give a view without its noise.

    Args:
        source: (leads, samples), in mV.
        drawn: crop, and one span a lead (first sample, number), or none for no cut-out.
        samples: length of the view; a crop of another length is drawn out evenly to it.

    Returns:
        (leads, samples).
    """
    view = np.empty((len(source), samples), dtype=np.float32)
    for lead in range(len(source)):
        crop = source[lead, drawn.start : drawn.start + drawn.length].copy()
        if drawn.length != samples:
            place = np.linspace(0, drawn.length - 1, samples)
            crop = np.interp(place, np.arange(drawn.length), crop).astype(np.float32)
        if drawn.cuts:
            first, count = drawn.cuts[lead]
            crop[first : first + count] = 0
        view[lead] = crop
    return view


def noisy(view: Signal, strength_mv: float, random: np.random.Generator) -> Signal:
    """Give a view with white noise, lead by lead."""
    changed = np.empty_like(view)
    for lead in range(len(view)):
        changed[lead] = view[lead] + random.normal(0, strength_mv, view.shape[1])
    return changed


def series_views(source: Signal, settings: ViewSettings, seed: int) -> list[Signal]:
    """Give the global and then the local views of each record, each list (batch, leads, samples).

    Args:
        source: (batch, leads, samples), in mV.
        settings: number and kind of views.
        seed: of everything random.
    """
    part, chance, random = settings.time, Random(seed), np.random.default_rng(seed)
    kinds = [(part.global_samples, part.global_low, part.global_high)] * settings.globals
    kinds += [(part.local_samples, part.local_low, part.local_high)] * settings.locals
    views: list[list[Signal]] = [[] for _ in kinds]
    for record in source:
        for place, (samples, low, high) in enumerate(kinds):
            view = series_view(record, _drawn(part, record.shape, samples, (low, high), chance), samples)
            if part.noise:
                view = noisy(view, chance.uniform(part.noise_low_mv, part.noise_high_mv), random)
            views[place].append(view)
    return [np.stack(view) for view in views]


def _drawn(
    part: TimeViews, shape: tuple[int, ...], samples: int, share: tuple[float, float], chance: Random
) -> SeriesDraw:
    leads, whole = shape
    length = int(chance.uniform(*share) * whole) if part.stretch else samples
    start = int(chance.random() * (whole - length + 1))
    cuts: list[tuple[int, int]] = []
    for lead in range(leads if part.cutout else 0):
        if lead and not part.cutout_per_lead:
            cuts.append(cuts[0])
            continue
        count = int(chance.uniform(part.cutout_low, part.cutout_high) * samples)
        cuts.append((int(chance.random() * (samples - count + 1)), count))
    return SeriesDraw(start, length, tuple(cuts))
