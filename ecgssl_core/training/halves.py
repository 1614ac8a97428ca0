"""The two halves of a validation fold: one to choose networks on, one that conformal sets are calibrated on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_SEED = 0


def in_selection(patients: NDArray[Any]) -> NDArray[np.bool_]:
    """Give which records are to choose on, (records,); no patient is in both halves, the draw is always the same.

    A single patient is all there is to choose on, and leaves nothing to the other half.

    Args:
        patients: (records,) names.
    """
    names, member = np.unique(patients.astype(str), return_inverse=True)
    order = np.random.default_rng(_SEED).permutation(len(names))
    chosen: NDArray[np.bool_] = (order < (len(names) + 1) // 2)[member]
    return chosen


def one_a_patient(patients: NDArray[Any]) -> NDArray[np.int64]:
    """Give the first record of each patient: what exact intervals and conformal sets count."""
    _, first = np.unique(patients.astype(str), return_index=True)
    return np.sort(first).astype(np.int64)
