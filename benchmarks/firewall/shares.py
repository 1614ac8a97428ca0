"""Shares with their intervals, as the tables print them."""

import numpy as np


def share(hits: int, of: int) -> str:
    """Give a share in percent with its 95 % interval (E. Wilson 1927)."""
    if not of:
        return "none"
    z = 1.96
    middle, half = wilson(hits, of, z)
    return f"{100 * hits / of:.1f} % [{100 * max(middle - half, 0):.1f}, {100 * min(middle + half, 1):.1f}] of {of}"


def wilson(hits: int, of: int, z: float) -> tuple[float, float]:
    """Give middle and half width of the interval of a share."""
    rate = hits / of
    middle = (rate + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z * np.sqrt(rate * (1 - rate) / of + z**2 / (4 * of**2)) / (1 + z**2 / of)
    return float(middle), float(half)
