"""The direction in which a wave points in the frontal plane."""

import numpy as np
from numpy.typing import NDArray

from .record import Record

_LEAST_NET = 0.15  # of the whole area under a wave; what is left of a wave that cancels out points anywhere
_BASE_S = 0.02  # just before the wave, whose level counts as zero


def frontal_plane(record: Record) -> NDArray[np.float64] | None:
    """Give the signal to the left and to the foot, (2, samples), or None without lead I and one of II, III and aVF.

    Both have lead I's scale: Einthoven's triangle has equal sides, and aVF is (II + III) / 2.
    """
    rows = {lead: record.signal[at].astype(np.float64) for at, lead in enumerate(record.leads)}
    if "I" not in rows:
        return None
    first = rows["I"]
    if "aVF" in rows:
        foot = 2 * rows["aVF"]
    elif "II" in rows:
        foot = 2 * rows["II"] - first
    elif "III" in rows:
        foot = 2 * rows["III"] + first
    else:
        return None
    return np.stack([first, foot / np.sqrt(3)])


def axis_of(plane: NDArray[np.float64], rate: float, spans: list[tuple[int, int]]) -> float | None:
    """Give the axis in degrees, -180 to 180, of the median net area over some waves' spans; None if it points nowhere.

    Args:
        plane: as `frontal_plane` gives it.
        rate: samples a second.
        spans: first and last sample of each wave.
    """
    areas, sizes = [], []
    for first, last in spans:
        before = plane[:, max(first - round(_BASE_S * rate), 0) : first + 1]
        wave = plane[:, first : last + 1] - before.mean(axis=1, keepdims=True)
        if np.isfinite(wave).all():
            areas.append(wave.sum(axis=1))
            sizes.append(np.abs(wave).sum(axis=1))
    if not areas:
        return None
    net, size = np.median(areas, axis=0), np.median(sizes, axis=0)
    if not np.hypot(*net) > _LEAST_NET * np.hypot(*size):
        return None
    return float(np.degrees(np.arctan2(net[1], net[0])))
