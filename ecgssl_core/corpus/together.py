"""Which classes of a pack occur together."""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.labels import LabelSet
from ecgssl_core.corpus.pack import Pack


def co_occurrence(pack: Pack, classes: LabelSet) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Give how many records have each pair of classes.

    Returns:
        Abbreviations of the classes that occur; counts (classes, classes), each class's own records on the diagonal.
    """
    present = pack.labels(classes) == 1  # (records, classes)
    occurring = np.flatnonzero(present.any(axis=0))
    counts = present[:, occurring].astype(np.int64)
    return tuple(classes.abbreviations[at] for at in occurring), counts.T @ counts
