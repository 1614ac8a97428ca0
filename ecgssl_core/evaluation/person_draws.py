"""Intervals of what was found on pairs: persons are drawn anew, and a pair weighs as often as both of its persons."""

import numpy as np
from numpy.typing import NDArray

from .identification import Curves, Pairs

Floats = NDArray[np.float64]
DRAWS = 500
_ENDS = (0.025, 0.975)


def drawn_persons(persons: int, draws: int = DRAWS, seed: int = 0) -> Floats:
    """Give how often each person is drawn, (draws, persons): as many as there are, with replacement."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(persons, np.full(persons, 1 / persons), size=draws).astype(np.float64)


def rate_interval(likeness: Floats, threshold: float, draws: int = DRAWS) -> tuple[float, float]:
    """Give the 95 % interval of the share of pairs of two persons that is at or above a threshold.

    Args:
        likeness: (persons, persons), one record each; symmetric, or rows and columns two records of each person.
        threshold: of likeness; NaN gives NaN.
        draws: of persons.
    """
    if not np.isfinite(threshold):
        return float("nan"), float("nan")
    taken = (likeness >= threshold).astype(np.float64)
    np.fill_diagonal(taken, 0.0)
    weights = drawn_persons(len(likeness), draws)
    pairs = weights.sum(axis=1) ** 2 - (weights**2).sum(axis=1)
    return _ends(((weights @ taken) * weights).sum(axis=1) / pairs)


def equal_rate_interval(likeness: Floats, draws: int = DRAWS) -> tuple[float, float]:
    """Give the 95 % interval of the equal error rate.

    Args:
        likeness: (probes, gallery); the person of probe i is member i of the gallery, whose other members have no
            probe. All are drawn.
        draws: of persons.
    """
    probes, persons = likeness.shape
    same = np.eye(probes, persons, dtype=bool)
    curves = Curves(Pairs(likeness[same], likeness[~same]))
    probed = drawn_persons(probes, draws)
    others = drawn_persons(persons - probes, draws, seed=1) if persons > probes else np.zeros((draws, 0))
    found = [
        curves.equal_error_rate(mine, (mine[:, None] * np.concatenate([mine, theirs]))[~same])
        for mine, theirs in zip(probed, others, strict=True)
    ]
    return _ends(np.array(found))


def share_interval(hits: NDArray[np.bool_], draws: int = DRAWS) -> tuple[float, float]:
    """Give the 95 % interval of a share of persons, (persons,) each a hit or not, by drawing persons."""
    return _ends(drawn_persons(len(hits), draws) @ hits.astype(np.float64) / len(hits))


def _ends(found: Floats) -> tuple[float, float]:
    low, high = np.nanquantile(found, _ENDS)
    return float(low), float(high)
