"""Change of sampling rate, without ringing at the ends."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def resample(signal: NDArray[np.float32], rate: float, target: float) -> NDArray[np.float32]:
    """Give the signal at another rate, by polyphase filtering.

    The straight line between a lead's first and last sample is taken out before and put back after: the ends then meet
    the zeros around them, where an FFT resampler would wrap a drift around from one end to the other.

    Args:
        signal: (leads, samples).
        rate: samples a second.
        target: samples a second wanted.

    Returns:
        (leads, floor(samples · target / rate)) float32; the same array where the rates are equal.

    Raises:
        ValueError: a rate is not positive.
    """
    if rate <= 0 or target <= 0:
        raise ValueError(f"rates are positive, not {rate} and {target}")
    ratio = Fraction(target).limit_denominator(10**6) / Fraction(rate).limit_denominator(10**6)
    samples = signal.shape[1] * ratio.numerator // ratio.denominator
    if ratio == 1:
        return np.asarray(signal, dtype=np.float32)
    from scipy.signal import resample_poly  # takes a second to load, which a page has before it needs this

    changed = resample_poly(signal, ratio.numerator, ratio.denominator, axis=1, padtype="line")
    return np.ascontiguousarray(changed[:, :samples], dtype=np.float32)
