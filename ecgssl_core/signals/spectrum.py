"""The spectrogram of one lead as a network reads it, for looking at: NumPy, where `spectrogram` needs torch."""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.signals.spec import InputSpec

LOG_GAIN = 100.0  # as in `spectrogram`
Floats = NDArray[np.float64]


def spectrum_of(signal: NDArray[np.floating], spec: InputSpec) -> tuple[Floats, Floats, Floats]:
    """Give the hertz of the bins, the seconds of the frames' middles, and the magnitudes (bins, frames).

    The values are those of `spectrogram`: Hann window, zero extension at both ends, divided by the window's sum, in mV,
    or log(1 + 100 x) of it where the network reads the logarithm.

    Args:
        signal: (samples,) at spec.rate, in mV.
        spec: window, overlap, and whether the logarithm is taken.
    """
    length, hop = spec.stft_window, spec.stft_window - spec.stft_overlap
    after = -(len(signal) + 2 * (length // 2) - length) % hop  # up to a whole number of hops
    padded = np.pad(np.asarray(signal, np.float64), (length // 2, length // 2 + after))
    window = np.hanning(length + 1)[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(padded, length)[::hop]  # (frames, length)
    magnitude = np.abs(np.fft.rfft(frames * (window / window.sum()), axis=1)).T
    hertz = np.arange(length // 2 + 1) * spec.rate / length
    seconds = np.arange(magnitude.shape[1]) * hop / spec.rate
    return hertz, seconds, np.log1p(LOG_GAIN * magnitude) if spec.log_spectrogram else magnitude
