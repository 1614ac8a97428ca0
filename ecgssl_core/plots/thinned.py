"""Fewer points of a line, without losing what it looks like: no smoothing, every peak stays."""

import math
from collections.abc import Sequence

Point = tuple[float, float]


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """Give at most so many points of a line: of each stretch the lowest and the highest, and always both ends.

    Args:
        points: in order.
        most: how many may stay, at least 4.
    """
    if len(points) <= most:
        return list(points)
    stretches = (most - 2) // 2
    inner = range(1, len(points) - 1)
    size = math.ceil(len(inner) / stretches)
    kept = {0, len(points) - 1}
    for begin in range(1, len(points) - 1, size):
        stretch = range(begin, min(begin + size, len(points) - 1))
        kept.add(min(stretch, key=lambda place: points[place][1]))
        kept.add(max(stretch, key=lambda place: points[place][1]))
    return [points[place] for place in sorted(kept)]
