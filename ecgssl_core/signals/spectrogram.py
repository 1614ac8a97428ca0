"""The short-time spectrum of each lead, with the values of scipy.signal.stft."""

import math
from functools import cache

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from ecgssl_core.signals.spec import InputSpec

LOG_GAIN = 100.0  # magnitudes are mostly below 0.1 mV: the gain puts them on the bent part of log(1 + x)


def spectrogram(signal: Tensor, spec: InputSpec) -> Tensor:
    """Give the magnitude of the short-time Fourier transform of each lead.

    Phan et al. 2022: Hann window (periodic) of 25 samples at 100 Hz, overlap 12, zero extension at both ends, divided
    by the window's sum; 250 samples give 13 bins (0, 4, …, 48 Hz) by 21 frames.

    Args:
        signal: (batch, leads, samples) at spec.rate, in mV.
        spec: window, overlap, and whether the logarithm log(1 + 100 x) is taken.

    Returns:
        (batch, leads, bins, frames), in mV (or its logarithm).
    """
    length, hop = spec.stft_window, spec.stft_window - spec.stft_overlap
    samples = signal.shape[-1]
    after = -(samples + 2 * (length // 2) - length) % hop  # up to a whole number of hops
    padded = F.pad(signal.float(), (length // 2, length // 2 + after))
    frames = padded.unfold(-1, length, hop)  # (batch, leads, frames, length)
    # so short a transform is faster as one matrix product over all frames than as an FFT
    parts = frames.reshape(-1, length) @ _transform(length, signal.device)
    real, imaginary = parts.square_().chunk(2, dim=1)
    magnitude = real.add_(imaginary).sqrt_().reshape(*frames.shape[:3], -1).transpose(-1, -2).contiguous()
    return torch.log1p(LOG_GAIN * magnitude) if spec.log_spectrogram else magnitude


@cache
def _transform(length: int, device: torch.device) -> Tensor:
    """Give (length, 2 · bins): the windowed cosines, then the sines, of the one-sided discrete Fourier transform."""
    window = torch.hann_window(length, dtype=torch.float64)
    angle = torch.outer(torch.arange(length), torch.arange(length // 2 + 1)) * (2 * math.pi / length)
    both = torch.cat([torch.cos(angle), torch.sin(angle)], dim=1) * (window / window.sum())[:, None]
    return both.float().to(device)


def frame_count(samples: int, spec: InputSpec) -> int:
    """Give the number of frames of a signal of so many samples."""
    hop = spec.stft_window - spec.stft_overlap
    return -(-(samples + 2 * (spec.stft_window // 2) - spec.stft_window) // hop) + 1
