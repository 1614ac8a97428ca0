"""Beats compared with marks."""

import numpy as np
from numpy.typing import NDArray


def matched(times: NDArray[np.float64], marks: NDArray[np.float64], within: float = 0.15) -> int:
    """Give how many of two rising series of seconds can be paired within a distance, each taken once."""
    pairs = one = other = 0
    while one < len(times) and other < len(marks):
        if abs(times[one] - marks[other]) <= within:
            pairs, one, other = pairs + 1, one + 1, other + 1
        elif times[one] < marks[other]:
            one += 1
        else:
            other += 1
    return pairs
