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
    chance = [chance_of(name, seed) for name in names]
    # an order of the groups that does not know where they stood
    by_chance = np.lexsort((np.array(names), np.array(chance, dtype=np.uint64)))
    folds = _Folds(labels.sum(axis=0), count)
    fold = np.full(len(names), -1, dtype=np.int64)
    left = (labels > 0).sum(axis=0)  # groups without a fold, by label
    while left.any():
        label = int(np.where(left > 0, left, len(names) + 1).argmin())
        open_groups = by_chance[(fold[by_chance] < 0) & (labels[by_chance, label] > 0)]
        ordered = open_groups[np.argsort(-labels[open_groups, label], kind="stable")]
        for group, row in zip(ordered.tolist(), labels[ordered].tolist(), strict=True):
            fold[group] = folds.place(row, label, chance[group])
        left -= (labels[ordered] > 0).sum(axis=0)
    return fold


class _Folds:
    """What each fold still lacks of each label: exactly, and as whole billionths by which folds are compared.

    Kept in lists, of which a group changes the few places that are its own; an array would be gone through whole.
    """

    def __init__(self, records: NDArray[np.int64], count: int) -> None:
        exact = (records / count).tolist()
        self._lacking = [[share] * count for share in exact]  # by label, then by fold
        self._need = [[_billionths(share)] * count for share in exact]

    def place(self, row: list[int], label: int, chance: int) -> int:
        """Give the fold that a group goes to for the sake of a label, and note what the fold lacks then."""
        need, room = self._need[label], self._need[0]
        most = max(need)
        best = [at for at, value in enumerate(need) if value == most]
        most = max(room[at] for at in best)
        best = [at for at in best if room[at] == most]
        fold = best[chance % len(best)]
        for place, records in enumerate(row):
            if records:
                self._lacking[place][fold] -= records
                self._need[place][fold] = _billionths(self._lacking[place][fold])
        return fold


def _billionths(value: float) -> int:
    return round(value * 1e9)  # sums in another order must not decide


def chance_of(name: str, seed: int) -> int:
    """Give the number that decides for a group where nothing else does."""
    return int.from_bytes(hashlib.sha256(f"{seed}\t{name}".encode()).digest()[:8], "little")
