"""A long line in few points: the lowest and highest of each stretch stay, so that no spike is lost."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating]


def decimated(along: Numbers, values: Numbers, most: int) -> tuple[Numbers, Numbers]:
    """Give at most so many points of a line, two a stretch, in their order; a short line as it is.

    Args:
        along: (samples,), rising.
        values: (samples,).
        most: points wanted at most, at least 2.
    """
    if len(values) <= most:
        return along, values
    stretch = -(-len(values) // (most // 2))
    whole = len(values) // stretch * stretch
    rows = values[:whole].reshape(-1, stretch)
    first = np.arange(0, whole, stretch)
    ends = np.sort(np.stack([rows.argmin(axis=1), rows.argmax(axis=1)], axis=1), axis=1) + first[:, None]
    places = ends.ravel()
    if whole < len(values):
        rest = values[whole:]
        places = np.concatenate([places, np.sort(np.array([rest.argmin(), rest.argmax()])) + whole])
    return along[places], values[places]
