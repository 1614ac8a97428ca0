"""Spectrograms by scipy and views of them, one record and one view at a time, cut lead by lead."""

from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.signal import stft

from ecgssl_core.settings import SpectrogramViews, ViewSettings
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.spectrogram import LOG_GAIN

Signal = NDArray[np.float32]


@dataclass(frozen=True)
class ImageDraw:
    """What is drawn for a view: its crop's first frame and width, and of each lead the cut bins and frames.

    Cut frames count from the crop's first one.
    """

    start: int
    width: int
    bins: tuple[tuple[int, int], ...]
    frames: tuple[tuple[int, int], ...]


def plain_spectrogram(signal: Signal, spec: InputSpec) -> Signal:
    """Give the magnitudes (leads, bins, frames), or their logarithm, of a series (leads, samples)."""
    _, _, values = stft(signal, spec.rate, "hann", spec.stft_window, spec.stft_overlap)
    image: Signal = np.abs(values).astype(np.float32)
    return np.log1p(LOG_GAIN * image) if spec.log_spectrogram else image


def image_view(image: Signal, drawn: ImageDraw, width: int, fill: Signal) -> Signal:
    """Give a view: crop, Frequency Cutout, Time Cutout, and the fill value on both sides up to the width.

    Args:
        image: (leads, bins, frames).
        drawn: what to cut.
        width: frames of the view.
        fill: (leads,) value where a view has no signal.

    Returns:
        (leads, bins, width).
    """
    crop = image[:, :, drawn.start : drawn.start + drawn.width].copy()
    for lead, (first, count) in enumerate(drawn.bins):
        crop[lead, first : first + count] = fill[lead]
    for lead, (first, count) in enumerate(drawn.frames):
        crop[lead, :, first : first + count] = fill[lead]
    view, left = np.empty((*image.shape[:2], width), dtype=np.float32), (width - drawn.width) // 2
    view[:] = fill[:, np.newaxis, np.newaxis]
    view[:, :, left : left + drawn.width] = crop
    return view


def spectrogram_views(source: Signal, spec: InputSpec, settings: ViewSettings, seed: int) -> list[Signal]:
    """Give the global and then the local views of each record's spectrogram, each (batch, leads, bins, frames).

    All views have the whole width, as published.

    Args:
        source: (batch, leads, samples), in mV.
        spec: the spectrogram.
        settings: number and kind of views.
        seed: of everything random.
    """
    part, chance = settings.spectrogram, Random(seed)
    shares = [(part.global_low, part.global_high)] * settings.globals
    shares += [(part.local_low, part.local_high)] * settings.locals
    views: list[list[Signal]] = [[] for _ in shares]
    for record in source:
        image = plain_spectrogram(record, spec)
        fill = np.zeros(len(image), dtype=np.float32)
        for place, share in enumerate(shares):
            views[place].append(image_view(image, _drawn(part, image.shape, share, chance), image.shape[2], fill))
    return [np.stack(view) for view in views]


def _drawn(part: SpectrogramViews, shape: tuple[int, ...], share: tuple[float, float], chance: Random) -> ImageDraw:
    leads, bins, frames = shape
    width = max(1, int(chance.uniform(*share) * frames))
    rows: list[tuple[int, int]] = []
    columns: list[tuple[int, int]] = []
    for lead in range(leads):
        again = lead > 0 and not part.cutout_per_lead
        if part.frequency_cutout:
            first = rows[0][0] if again else int(chance.random() * (bins - part.frequency_bins + 1))
            rows.append((first, part.frequency_bins))
        if part.cutout:
            count = max(1, int(chance.uniform(part.cutout_low, part.cutout_high) * width))
            columns.append(columns[0] if again else (int(chance.random() * (width - count + 1)), count))
    return ImageDraw(int(chance.random() * (frames - width + 1)), width, tuple(rows), tuple(columns))
