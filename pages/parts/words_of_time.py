"""Lengths of time as people say them, and ranges of them."""

from ecgssl_core.runs import spoken

__all__ = ["spoken", "spoken_range"]


def spoken_range(low: float, high: float) -> str:
    """Give a range of times, such as `3 min to 1.5 h`; once where both ends read the same."""
    first, last = spoken(low), spoken(high)
    return first if first == last else f"{first} to {last}"
