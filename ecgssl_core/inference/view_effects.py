"""What the views do to amplitude, heart rate and spectrum, over many records of a pack."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import Pack
from ecgssl_core.records.qrs import qrs_times
from ecgssl_core.settings import Settings
from ecgssl_core.signals.drawn import Drawn, draw_views, ready
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.spectrogram import LOG_GAIN

from .effects import ViewEffects

_BINS = 64  # frequencies that spectra are compared at
_LEAST_MV = 1e-4
_PERCENTILES = (1, 99)

Floats = NDArray[np.float64]


def view_effects(pack: Pack, settings: Settings, count: int, said: Callable[[float], None]) -> ViewEffects:
    """Give what the views of these settings do to some records of a pack, always the same ones.

    Args:
        pack: where the records are.
        settings: of the views, and what a network reads.
        count: of records; fewer where the pack has fewer.
        said: told now and then which share is done.
    """
    rows = np.random.default_rng(0).permutation(len(pack))[:count]
    part = settings.input
    usual = InputSpec(
        rate=part.rate,
        fewer_leads=part.fewer_leads,
        highpass_hz=part.highpass_hz,
        stft_window=part.stft_window,
        stft_overlap=part.stft_overlap,
        log_spectrogram=part.log_spectrogram,
    )
    hertz = np.linspace(0, usual.rate / 2, _BINS)
    found = []
    for done, row in enumerate(np.sort(rows)):
        signal, spec = ready(pack.signal(int(row)), pack.rate, pack.leads, usual)
        drawn = draw_views(signal, spec, settings.views, settings.modality, settings.training.seed + int(row))
        found.append(_of_image(drawn, spec, hertz) if drawn.image is not None else _of_series(drawn, spec, hertz))
        said((done + 1) / len(rows))
    amplitude, rate, spectrum = (np.array([one[part] for one in found]) for part in range(3))
    return ViewEffects(amplitude, rate, spectrum, hertz)


def _of_series(drawn: Drawn, spec: InputSpec, hertz: Floats) -> tuple[Floats, Floats, Floats]:
    group = drawn.groups[0]
    start, count = group.crops[0].tolist()
    pair = drawn.source[:, start : start + count], group.values[0]
    amplitude = [_amplitude(one) for one in pair]
    spectra = [_spectrum(one, spec.rate, hertz) for one in pair]
    return np.array(amplitude), np.array([_rate(one, spec.rate) for one in pair]), np.array(spectra)


def _of_image(drawn: Drawn, spec: InputSpec, hertz: Floats) -> tuple[Floats, Floats, Floats]:
    group = drawn.groups[0]
    start, count = group.crops[0].tolist()
    assert drawn.image is not None
    bins = np.arange(drawn.image.shape[1]) * spec.rate / spec.stft_window
    pair = [drawn.image[:, :, start : start + count], group.values[0]]
    if spec.log_spectrogram:
        pair = [np.expm1(one) / LOG_GAIN for one in pair]
    spectra = [20 * np.log10(np.interp(hertz, bins, one.mean(axis=(0, 2))).clip(_LEAST_MV)) for one in pair]
    amplitude = [float(np.median(np.ptp(one.reshape(len(one), -1), axis=1))) for one in pair]
    return np.array(amplitude), np.full(2, np.nan), np.array(spectra)


def _amplitude(signal: NDArray[np.float32]) -> float:
    low, high = np.percentile(signal, _PERCENTILES, axis=1)
    return float(np.median(high - low))


def _rate(signal: NDArray[np.float32], rate: float) -> float:
    beats = qrs_times(signal, rate)
    return float(60 / np.median(np.diff(beats))) if len(beats) > 1 else float("nan")


def _spectrum(signal: NDArray[np.float32], rate: float, hertz: Floats) -> Floats:
    """Give the mean magnitude over leads in dB, of Hann-windowed leads."""
    window = np.hanning(signal.shape[1])
    size = np.abs(np.fft.rfft(signal * window, axis=1)).mean(axis=0) * 2 / window.sum()
    own = np.fft.rfftfreq(signal.shape[1], 1 / rate)
    spectrum: Floats = 20 * np.log10(np.interp(hertz, own, size).clip(_LEAST_MV))
    return spectrum
