"""Iterative multi-label stratification over groups (Sechidis, Tsoumakas and Vlahavas 2011, ECML PKDD)."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def stratify(labels: NDArray[np.int64], names: Sequence[str], count: int, seed: int) -> NDArray[np.int64]:
    """Give each group its fold, so that every label is spread as evenly as groups allow.

    The label with the fewest groups left is served first; of its groups those with most records of it; each goes to the
    fold that lacks most of the label, then to the one that lacks most records, then as a hash of seed and name decides.
    The result depends on the names, not on the order of the groups, and no random state is touched.

    Args:
        labels: records of each label in each group, (groups, labels); the first label counts all records of a group.
        names: what each group is called, each once.
        count: number of folds.
        seed: of the hashes that break ties.

    Returns:
        Fold of each group, from 0, (groups,).
    """
    chance = np.array([_chance(name, seed) for name in names], dtype=np.uint64)
    by_chance = np.lexsort((np.array(names), chance))  # an order of the groups that does not know where they stood
    fold = np.full(len(names), -1, dtype=np.int64)
    lacking = np.tile(labels.sum(axis=0) / count, (count, 1))  # (folds, labels)
    left = (labels > 0).sum(axis=0)  # groups without a fold, by label
    while left.any():
        label = int(np.where(left > 0, left, len(names) + 1).argmin())
        open_groups = by_chance[(fold[by_chance] < 0) & (labels[by_chance, label] > 0)]
        for group in open_groups[np.argsort(-labels[open_groups, label], kind="stable")]:
            fold[group] = _neediest(lacking, label, int(chance[group]))
            lacking[fold[group]] -= labels[group]
            left -= labels[group] > 0
    return fold


def _neediest(lacking: NDArray[np.float64], label: int, chance: int) -> int:
    need = lacking[:, label].round(9)  # sums in another order must not decide
    best = np.flatnonzero(need == need.max())
    room = lacking[best, 0].round(9)
    best = best[room == room.max()]
    return int(best[chance % len(best)])


def _chance(name: str, seed: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}\t{name}".encode()).digest()[:8], "little")
