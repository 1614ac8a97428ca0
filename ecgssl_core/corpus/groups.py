"""Which records belong together: the same patient, the same signal, or the same recording under another name."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import Pack


def links(pack: Pack) -> Iterator[tuple[str, list[int]]]:
    """Give every tie between records of a pack: its kind (`patient`, `signal`, `same_signal`) and the rows it ties."""
    for kind, column in (("patient", "patient"), ("signal", "sha256")):
        tied: dict[str, list[int]] = defaultdict(list)
        for row, value in enumerate(pack.table[column]):
            if isinstance(value, str):
                tied[value].append(row)
        yield from ((kind, rows) for rows in tied.values() if len(rows) > 1)
    places = {key: row for row, key in enumerate(pack.table["key"])}
    for row, other in enumerate(pack.table["same_signal"]):
        if isinstance(other, str) and places.get(other, row) != row:
            yield "same_signal", sorted([row, places[other]])


def group_rows(pack: Pack) -> NDArray[np.int64]:
    """Give each record the group it belongs to, as the row of that group's first key in alphabetical order; (records,).

    Records are of one group if ties of any kind lead from one to the other, by way of others too.
    """
    keys = list(pack.table["key"])
    parent = list(range(len(keys)))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for _, rows in links(pack):
        for row in rows[1:]:
            first, second = sorted((root(rows[0]), root(row)), key=keys.__getitem__)
            parent[second] = first
    return np.array([root(row) for row in range(len(keys))], dtype=np.int64)
