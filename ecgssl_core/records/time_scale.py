"""Whether a record's clock can be right: a heart twice as fast has no complexes of half the width."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .beat_checks import heart_rate
from .frozen import frozen_columns, frozen_values
from .heartbeats import AFTER_S, BEFORE_S, STEP_S, Heartbeats
from .lead_checks import Bands
from .record import Issue, Record

FEATURES = ("rate", "width 0.1 s", "width 0.06 s", "width 0.2 s", "sharpness", "centre", "log centre")
_BAND_HZ = (2.0, 35.0)
_QRS_S = 0.06
_TINY = 1e-12


def check_time_scale(record: Record, parts: Bands, beats: Heartbeats) -> Iterator[Issue]:
    """Warn where the rate of beats, the width of QRS and the spectrum together fit half or twice the sampling rate.

    Two logistic regressions with frozen weights on logarithms of these; the table, and the command that fitted it, are
    in docs/results/firewall.md.
    """
    features = time_features(record, parts, beats)
    if features is None:
        return
    slower, faster = frozen_columns("time_scale.csv", ("slower", "faster"))
    limits = frozen_values("time_limits.csv")
    values = np.append(features, 1.0)
    for name, weights, factor in (("slower", slower, 2.0), ("faster", faster, 0.5)):
        if values @ weights > limits[name]:
            sentence = f"Beats and their shape fit {factor * record.rate:g} samples a second better."
            yield Issue("ASK-RATE", None, "warn", sentence, "Check the sampling rate in the file.")


def time_features(record: Record, parts: Bands, beats: Heartbeats) -> NDArray[np.float64] | None:
    """Give logarithms of what a wrong clock changes, in the order of FEATURES; None where beats are too few."""
    rate = heart_rate(beats.times, record.seconds)
    if rate is None or not rate or beats.usual is None:
        return None
    usual = beats.usual - np.median(beats.usual, axis=1, keepdims=True)
    energy = np.gradient(usual, axis=1) ** 2
    grid = np.arange(-BEFORE_S, AFTER_S, STEP_S)
    near = np.abs(grid) <= _QRS_S
    whole = energy.sum(axis=0)
    sharpness = np.sqrt(energy[:, near].sum() / max((usual[:, near] ** 2).sum(), _TINY)) / STEP_S
    inside = (parts.frequencies >= _BAND_HZ[0]) & (parts.frequencies <= _BAND_HZ[1])
    hertz, power = parts.frequencies[inside], parts.power[:, inside].astype(np.float64)
    density = (power / np.maximum(power.sum(axis=1, keepdims=True), _TINY)).mean(axis=0)
    widths = [_width(whole, grid, seconds) for seconds in (0.1, 0.06, 0.2)]
    sizes = np.array([rate, *widths, sharpness, density @ hertz])
    return np.append(np.log(np.maximum(sizes, _TINY)), density @ np.log(hertz))


def _width(energy: NDArray[np.float64], grid: NDArray[np.float64], seconds: float) -> float:
    weights = np.where(np.abs(grid) <= seconds, energy, 0) + _TINY
    middle = np.average(grid, weights=weights)
    return float(np.sqrt(np.average((grid - middle) ** 2, weights=weights)))
