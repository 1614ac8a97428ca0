"""Which names the six limb leads should carry so that Einthoven's and Goldberger's sums hold."""

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

LIMB = ("I", "II", "III", "aVR", "aVL", "aVF")
# each row must be zero at all times
SUMS = np.array(
    [[1, -1, 1, 0, 0, 0], [0.5, 0.5, 0, 1, 0, 0], [-1, 0.5, 0, 0, 1, 0], [0.5, -1, 0, 0, 0, 1]], dtype=np.float64
)
_RESIDUAL = 0.05


def fitting_names(signal: NDArray[np.float32]) -> tuple[str, ...] | None:
    """Give the names under which six limb leads obey the four sums.

    Without changes of sign one order of 720 does, unless leads are alike.

    Args:
        signal: (6, samples) in the order of LIMB, as the file names them.

    Returns:
        For each row the name that it should carry; None if no order fits, or more than one.
    """
    wide = signal.astype(np.float64)
    covariance = np.cov(wide)
    orders = np.array(list(permutations(range(len(LIMB)))))  # which row carries the name at each place
    rests = np.einsum("kij,si,sj->ks", covariance[orders[:, :, None], orders[:, None, :]], SUMS, SUMS)
    fitting = orders[rests.max(axis=1) < _RESIDUAL**2 * np.diag(covariance).mean()]
    if len(fitting) != 1:
        return None
    names = np.empty(len(LIMB), dtype=object)
    names[fitting[0]] = LIMB
    return tuple(names)
