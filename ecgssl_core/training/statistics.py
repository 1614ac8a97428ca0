"""Means and standard deviations of the input, from training records and no others."""

import numpy as np
import torch

from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.spectrogram import spectrogram

from .recordings import Recordings


def with_statistics(spec: InputSpec, recordings: Recordings) -> InputSpec:
    """Give the input specification with the statistics of these recordings.

    Per lead, pooled over all samples (not a mean of the records' own deviations), and over all bins and frames of the
    spectrograms of consecutive windows.
    """
    time_sums, image_sums = np.zeros((2, len(spec.leads))), np.zeros((2, len(spec.leads)))
    samples, cells = 0, 0
    for record in range(len(recordings)):
        start, length = int(recordings.start[record]), int(recordings.length[record])
        signal = recordings.samples[start : start + length].T.float() * recordings.scale[record][:, None]
        time_sums += _sums(signal)
        samples += length
        whole = signal[:, : length - length % spec.window].unfold(
            1, spec.window, spec.window
        )  # (leads, windows, window)
        if whole.shape[1]:
            image = spectrogram(whole.transpose(0, 1), spec).transpose(0, 1).flatten(1)
            image_sums += _sums(image)
            cells += image.shape[1]
    time_mean, time_std = _moments(time_sums, samples)
    image_mean, image_std = _moments(image_sums, max(cells, 1))
    return spec.with_statistics(
        time_mean=time_mean, time_std=time_std, spectrogram_mean=image_mean, spectrogram_std=image_std
    )


def _sums(values: torch.Tensor) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    wide = values.double()
    return torch.stack([wide.sum(dim=1), wide.square().sum(dim=1)]).cpu().numpy()


def _moments(sums: np.ndarray[tuple[int, int], np.dtype[np.float64]], count: int) -> tuple[tuple[float, ...], ...]:
    mean = sums[0] / count
    std = np.sqrt(np.maximum(sums[1] / count - mean**2, 1e-12))
    return tuple(mean.astype(np.float32).tolist()), tuple(std.astype(np.float32).tolist())
