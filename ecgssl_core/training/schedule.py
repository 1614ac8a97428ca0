"""Values that change over training, one function each; steps count from 0."""

import math


def warmup_cosine(step: int, steps: int, warmup: int, peak: float, end: float) -> float:
    """Give a rate that rises in a line from 0 to its peak at step warmup - 1, then falls as a cosine to end."""
    if step < warmup:
        return peak * step / max(warmup - 1, 1) if warmup > 1 else peak
    return cosine(step - warmup, steps - warmup, peak, end)


def three_stages(step: int, steps: int, peak: float, end: float) -> float:
    """Give a rate that rises in a line from end to peak, stays there, and falls to end by the same factor at each step.

    Wav2vec 2.0 and the identification of Oh et al. 2022, 10, 20 and 70 % of the steps; end is above 0.
    """
    rising, staying = 0.1 * steps, 0.3 * steps
    if step < rising:
        return end + (peak - end) * step / rising
    if step < staying:
        return peak
    return float(peak * (end / peak) ** ((step - staying) / max(steps - staying, 1)))


def cosine(step: int, steps: int, start: float, end: float) -> float:
    """Give a half cosine from start at step 0 towards end at step `steps`."""
    return end + (start - end) * (1 + math.cos(math.pi * step / max(steps, 1))) / 2


def batch_scaled(rate: float, batch: int) -> float:
    """Give the learning rate for a batch, from that for 256 records (Goyal et al. 2017, as used by DINO)."""
    return rate * batch / 256
