"""How well likenesses tell who a record is of: ranks in a gallery, and error rates of saying `the same`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Names = NDArray[np.object_]
LEAST_IMPOSTORS = 30  # false matches that a rate stands on: below it, the rate is a guess
PLACES = (1, 5, 10)


@dataclass(frozen=True)
class Pairs:
    """Likenesses of pairs: genuine, of one person, and impostor, of two."""

    genuine: Floats
    impostor: Floats


def ranks(likeness: Floats, probes: Names, gallery: Names) -> NDArray[np.int64]:
    """Give the place of each probe's person in the gallery, 1 the nearest, (probes,); among equals the last place.

    Args:
        likeness: (probes, gallery).
        probes: (probes,), who each is.
        gallery: (gallery,), who each is; each person once.

    Raises:
        ValueError: a probe's person is not in the gallery, or one is there twice.
    """
    if len(set(gallery.tolist())) != len(gallery):
        raise ValueError("a person stands in the gallery twice")
    place = {person: column for column, person in enumerate(gallery.tolist())}
    if not set(probes.tolist()) <= place.keys():
        raise ValueError("the person of a probe is not in the gallery")
    own = likeness[np.arange(len(probes)), [place[person] for person in probes.tolist()]]
    found: NDArray[np.int64] = (likeness >= own[:, None]).sum(axis=1)
    return found


def rank_shares(found: NDArray[np.int64], places: tuple[int, ...] = PLACES) -> tuple[float, ...]:
    """Give the share of probes whose person is among the nearest 1, 5, 10."""
    return tuple(float((found <= place).mean()) for place in places)


def mean_shares(
    likeness: Floats, probes: Names, gallery: Names, size: int, *, draws: int = 20, seed: int = 0
) -> tuple[float, ...]:
    """Give the shares of `rank_shares` in galleries of a size: the mean over draws of so many persons.

    Whoever is probed is drawn first, so that all sizes above their number ask for the same persons; others fill up.

    Args:
        likeness: (probes, gallery).
        probes: (probes,), who each is.
        gallery: (gallery,), who each is; each person once.
        size: persons in each gallery.
        draws: galleries.
        seed: of the draws.

    Raises:
        ValueError: the gallery has not so many persons.
    """
    if not 0 < size <= len(gallery):
        raise ValueError(f"the gallery has {len(gallery)} persons, not {size}")
    generator = np.random.default_rng(seed)
    probed = np.isin(gallery, probes)
    known, others = np.flatnonzero(probed), np.flatnonzero(~probed)
    found = []
    for _ in range(draws):
        chosen = generator.choice(known, min(size, len(known)), replace=False)
        chosen = np.concatenate([chosen, generator.choice(others, size - len(chosen), replace=False)])
        kept = np.isin(probes, gallery[chosen])
        found.append(rank_shares(ranks(likeness[np.ix_(kept, chosen)], probes[kept], gallery[chosen])))
    return tuple(np.mean(found, axis=0).tolist())


def pairs_of(likeness: Floats, probes: Names, gallery: Names) -> Pairs:
    """Give all pairs of a probe and a member of the gallery."""
    same = probes[:, None] == gallery[None]
    return Pairs(likeness[same], likeness[~same])


class Curves:
    """The rates of both errors over all thresholds; made once, for pairs of any weights.

    Args:
        pairs: at least one of either kind.

    Raises:
        ValueError: there is no pair of a kind.
    """

    def __init__(self, pairs: Pairs) -> None:
        if not len(pairs.genuine) or not len(pairs.impostor):
            raise ValueError("error rates need pairs of one person and pairs of two")
        values = np.unique(np.concatenate([pairs.genuine, pairs.impostor]))
        self._steps = len(values)
        self._genuine = np.searchsorted(values, pairs.genuine)
        self._impostor = np.searchsorted(values, pairs.impostor)

    def equal_error_rate(self, genuine: Floats | None = None, impostor: Floats | None = None) -> float:
        """Give the rate at which both errors are equal, between steps in a line.

        Args:
            genuine: (genuine pairs,) weight of each; 1 without it.
            impostor: (impostor pairs,) weight of each; 1 without it.
        """
        refused = self._below(self._genuine, genuine)
        taken = 1 - self._below(self._impostor, impostor)
        gap = refused - taken  # rises with the threshold
        after = int(np.argmax(gap >= 0))
        if after == 0 or gap[after] == 0:
            return float(taken[after])
        share = -gap[after - 1] / (gap[after] - gap[after - 1])
        return float(taken[after - 1] + share * (taken[after] - taken[after - 1]))

    def _below(self, places: NDArray[np.intp], weights: Floats | None) -> Floats:
        """Give the share of pairs below each value, and at the end below none: (values + 1,)."""
        counts = np.bincount(places, weights, self._steps).astype(np.float64)
        whole = counts.sum()
        rising: Floats = np.concatenate([[0.0], np.cumsum(counts)])
        return rising / whole if whole else np.full(self._steps + 1, np.nan)


def equal_error_rate(pairs: Pairs) -> float:
    """Give the rate at which as many genuine pairs are refused as impostor pairs are taken, between steps in a line.

    Raises:
        ValueError: there is no pair of a kind.
    """
    return Curves(pairs).equal_error_rate()


def threshold_at(impostor: Floats, rate: float) -> float:
    """Give the smallest threshold at which at most that share of impostor pairs is at or above it.

    NaN where the pairs are too few for the rate: it would stand on fewer than 30 of them.
    """
    if not stands(len(impostor), rate):
        return float("nan")
    allowed = int(np.floor(rate * len(impostor) + 1e-9))
    ordered = np.sort(impostor)[::-1]
    # just above the first that may not be taken
    return float(np.nextafter(ordered[allowed], np.inf)) if allowed < len(ordered) else float(ordered[-1])


def stands(impostor_pairs: int, rate: float) -> bool:
    """Tell whether a false-match rate stands on enough impostor pairs, 30 false matches, to be said."""
    return impostor_pairs * rate >= LEAST_IMPOSTORS - 1e-9


def refused_share(genuine: Floats, threshold: float) -> float:
    """Give the share of genuine pairs below a threshold (FNMR); NaN without one."""
    return float((genuine < threshold).mean()) if np.isfinite(threshold) and len(genuine) else float("nan")


def taken_share(impostor: Floats, threshold: float) -> float:
    """Give the share of impostor pairs at or above a threshold (FMR); NaN without one."""
    return float((impostor >= threshold).mean()) if np.isfinite(threshold) and len(impostor) else float("nan")


def found_share(places: NDArray[np.int64], own: Floats, threshold: float) -> float:
    """Give the share of probes whose person is nearest, and as near as the threshold asks (DIR); NaN without one.

    Args:
        places: (probes,) what `ranks` gives.
        own: (probes,) likeness of each to its own person.
        threshold: of likeness.
    """
    return float(((places == 1) & (own >= threshold)).mean()) if np.isfinite(threshold) else float("nan")
