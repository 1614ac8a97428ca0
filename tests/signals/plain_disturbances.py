"""Disturbances in plain loops, one record, view, lead and sample at a time, from numbers already drawn."""

import math

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_DOWER = np.array(
    [
        [-0.172, -0.074, 0.122, 0.231, 0.239, 0.194, 0.156, -0.010],
        [0.057, -0.019, -0.106, -0.022, 0.041, 0.048, -0.227, 0.887],
        [-0.229, -0.310, -0.246, -0.063, 0.055, 0.108, 0.022, 0.102],
    ]
)


def plain_limb(view: Numbers) -> Numbers:
    """Give a view (12, samples) with III, aVR, aVL, aVF from I and II."""
    out = view.copy()
    for at in range(view.shape[1]):
        one, two = view[0, at], view[1, at]
        out[2:6, at] = two - one, -(one + two) / 2, one - two / 2, two - one / 2
    return out


def plain_hum(view: Numbers, hz: float, amplitude: float, phase: float) -> Numbers:
    """Give a view at 100 Hz with hum."""
    out = view.copy()
    for lead in range(len(view)):
        for at in range(view.shape[1]):
            out[lead, at] += amplitude * math.sin(2 * math.pi * (hz * at / 100 + phase))
    return out


def plain_wander(view: Numbers, size: Numbers, hz: Numbers, phase: Numbers, share: Numbers) -> Numbers:
    """Give a view at 100 Hz with slow waves."""
    out = view.copy()
    for lead in range(len(view)):
        for at in range(view.shape[1]):
            for wave in range(len(size)):
                turn = 2 * math.pi * (hz[wave] * at / 100 + phase[wave])
                out[lead, at] += share[lead] * size[wave] * math.cos(turn)
    return out


def plain_turn(view: Numbers, turn: Numbers) -> Numbers:
    """Give a view of the turned heart."""
    order = [6, 7, 8, 9, 10, 11, 0, 1]
    out = view.copy()
    for at in range(view.shape[1]):
        vector = _DOWER @ view[order, at]
        for place, value in zip(order, np.linalg.pinv(_DOWER) @ (turn @ vector), strict=True):
            out[place, at] = value
    return plain_limb(out)


def plain_uneven(crop: Numbers, taken: list[int], length: int) -> Numbers:
    """Give a crop (samples,) whose samples stand at the places taken, gaps filled by straight lines."""
    return np.interp(np.arange(length), taken, crop)
