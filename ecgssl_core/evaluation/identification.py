"""How well likenesses tell who a record is of: ranks in a gallery, and error rates of saying `the same`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_LEAST_IMPOSTORS = 30  # false matches that a rate stands on: below it, the rate is a guess


@dataclass(frozen=True)
class Pairs:
    """Likenesses of pairs: genuine, of one person, and impostor, of two."""

    genuine: Floats
    impostor: Floats


def ranks(likeness: Floats, probes: NDArray[np.object_], gallery: NDArray[np.object_]) -> NDArray[np.int64]:
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


def rank_shares(found: NDArray[np.int64], places: tuple[int, ...] = (1, 5, 10)) -> tuple[float, ...]:
    """Give the share of probes whose person is among the nearest 1, 5, 10."""
    return tuple(float((found <= place).mean()) for place in places)


def mean_shares(
    likeness: Floats,
    probes: NDArray[np.object_],
    gallery: NDArray[np.object_],
    size: int,
    *,
    draws: int = 20,
    seed: int = 0,
) -> tuple[float, ...]:
    """Give the shares of `rank_shares` in galleries of a size: the mean over draws of so many persons.

    Probes are those whose person is drawn.

    Raises:
        ValueError: the gallery has not so many persons.
    """
    if size > len(gallery):
        raise ValueError(f"the gallery has {len(gallery)} persons, not {size}")
    generator = np.random.default_rng(seed)
    known = np.flatnonzero(np.isin(gallery, probes))
    found = []
    for _ in range(draws):
        chosen = generator.choice(len(gallery), size, replace=False)
        if not np.isin(chosen, known).any():
            continue
        kept = np.isin(probes, gallery[chosen])
        found.append(rank_shares(ranks(likeness[np.ix_(kept, chosen)], probes[kept], gallery[chosen])))
    return tuple(np.mean(found, axis=0).tolist()) if found else (np.nan,) * 3


def pairs_of(likeness: Floats, probes: NDArray[np.object_], gallery: NDArray[np.object_]) -> Pairs:
    """Give all pairs of a probe and a member of the gallery."""
    same = probes[:, None] == gallery[None]
    return Pairs(likeness[same], likeness[~same])


def equal_error_rate(pairs: Pairs) -> float:
    """Give the rate at which as many genuine pairs are refused as impostor pairs are taken, between steps in a line.

    Raises:
        ValueError: there is no pair of a kind.
    """
    false_match, false_non_match = _curves(pairs)
    gap = false_non_match - false_match  # rises with the threshold
    after = int(np.argmax(gap >= 0))
    if after == 0 or gap[after] == 0:
        return float(false_match[after])
    share = -gap[after - 1] / (gap[after] - gap[after - 1])
    return float(false_match[after - 1] + share * (false_match[after] - false_match[after - 1]))


def threshold_at(impostor: Floats, rate: float) -> float:
    """Give the smallest threshold at which at most that share of impostor pairs is at or above it.

    NaN where the pairs are too few for the rate: it would stand on fewer than 30 of them.
    """
    if len(impostor) * rate < _LEAST_IMPOSTORS:
        return float("nan")
    allowed = int(np.floor(rate * len(impostor) + 1e-9))
    ordered = np.sort(impostor)[::-1]
    # just above the first that may not be taken
    return float(np.nextafter(ordered[allowed], np.inf)) if allowed < len(ordered) else float(ordered[-1])


def refused_share(genuine: Floats, threshold: float) -> float:
    """Give the share of genuine pairs below a threshold (FNMR); NaN without one."""
    return float((genuine < threshold).mean()) if np.isfinite(threshold) and len(genuine) else float("nan")


def taken_share(impostor: Floats, threshold: float) -> float:
    """Give the share of impostor pairs at or above a threshold (FMR); NaN without one."""
    return float((impostor >= threshold).mean()) if np.isfinite(threshold) and len(impostor) else float("nan")


def _curves(pairs: Pairs) -> tuple[Floats, Floats]:
    """Give the false match and non-match rates at thresholds that rise."""
    if not len(pairs.genuine) or not len(pairs.impostor):
        raise ValueError("error rates need pairs of one person and pairs of two")
    values = np.unique(np.concatenate([pairs.genuine, pairs.impostor]))
    thresholds = np.append(values, np.nextafter(values[-1], np.inf))
    genuine, impostor = np.sort(pairs.genuine), np.sort(pairs.impostor)
    false_non_match = np.searchsorted(genuine, thresholds, side="left") / len(genuine)
    false_match = 1 - np.searchsorted(impostor, thresholds, side="left") / len(impostor)
    return false_match, false_non_match
