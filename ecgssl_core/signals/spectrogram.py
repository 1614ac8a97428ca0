"""The short-time spectrum of each lead, with the values of scipy.signal.stft."""

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
    batch, leads = signal.shape[:2]
    window = torch.hann_window(length, device=signal.device)
    padded = F.pad(signal.float(), (length // 2, length // 2))
    padded = F.pad(padded, (0, -(padded.shape[-1] - length) % hop))  # up to a whole number of hops
    complex_frames = torch.stft(
        padded.reshape(batch * leads, -1), length, hop, window=window, center=False, return_complex=True
    )
    magnitude = (complex_frames.abs() / window.sum()).reshape(batch, leads, length // 2 + 1, -1)
    return torch.log1p(LOG_GAIN * magnitude) if spec.log_spectrogram else magnitude


def frame_count(samples: int, spec: InputSpec) -> int:
    """Give the number of frames of a signal of so many samples."""
    hop = spec.stft_window - spec.stft_overlap
    return -(-(samples + 2 * (spec.stft_window // 2) - spec.stft_window) // hop) + 1
