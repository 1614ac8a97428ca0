"""How often each record stands in each bootstrap replicate when whole groups (patients) are drawn, not records."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats

# numbers in one block of replicates: about what a core's cache holds, and never the whole of a large bootstrap
_BLOCK_NUMBERS = 400_000


def draw_counts(
    groups: NDArray[Any], replicates: int, seed: int, strata: NDArray[Any] | None = None
) -> Iterator[Floats]:
    """Give blocks of replicates, (records, replicates of this block) each, of whole numbers as float64.

    A replicate draws as many groups as there are, with replacement; with strata, as many of each stratum as it has.
    The draws of a replicate depend on the seed and its place alone, not on how large the blocks are.

    Args:
        groups: (records,) which records belong together.
        replicates: number of replicates over all blocks.
        seed: of the random numbers.
        strata: (records,) for instance the source of each record; a group lies where its first record lies.

    Raises:
        ValueError: there is no record or no replicate, or an array has another length.
    """
    if replicates < 1:
        raise ValueError(f"{replicates} replicates give no interval")
    if not len(groups) or (strata is not None and len(strata) != len(groups)):
        raise ValueError("groups and strata name every record, and there is at least one")
    _, first, member = np.unique(groups, return_index=True, return_inverse=True)
    pools = _pools(first, strata)
    random = np.random.default_rng(seed)
    block = max(1, _BLOCK_NUMBERS // len(groups))
    for start in range(0, replicates, block):
        drawn = [_draw_once(pools, len(first), random) for _ in range(min(block, replicates - start))]
        yield np.stack(drawn, axis=1)[member].astype(np.float64)


def _pools(first: NDArray[np.intp], strata: NDArray[Any] | None) -> list[NDArray[np.intp]]:
    if strata is None:
        return [np.arange(len(first))]
    stratum = strata[first]
    return [np.flatnonzero(stratum == name) for name in np.unique(stratum)]


def _draw_once(pools: list[NDArray[np.intp]], groups: int, random: np.random.Generator) -> NDArray[np.intp]:
    drawn = [pool[random.integers(len(pool), size=len(pool))] for pool in pools]
    return np.bincount(np.concatenate(drawn), minlength=groups)
