"""Which records belong together: the same patient, the same signal, or the same recording under another name."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.near_groups import near_groups
from ecgssl_core.corpus.pack import Pack

# PTB-XL's own names at 100 and 500 Hz, and those that the challenges of 2020 and 2021 gave to public recordings
_PTBXL = re.compile(r"(?:(?P<own>\d{5})_[lh]r|HR(?P<challenge>\d{5}))")
_CHALLENGE = re.compile(r"A\d{4}|Q\d{4}|S\d{4}|I\d{4}|E\d{5}|JS\d{5}")


def links(pack: Pack) -> Iterator[tuple[str, list[int]]]:
    """Give every tie between records of a pack: its kind, and the rows it ties.

    Kinds are `patient`, `signal` (equal hashes), `recording` (one recording by its public name), `near` (near
    duplicates) and `same_signal` (the corpus says so).
    """
    columns: dict[str, list[Any]] = {
        "patient": list(pack.table["patient"]),
        "signal": list(pack.table["sha256"]),
        "recording": [recording_name(key) for key in pack.table["key"]],
    }
    for kind, values in columns.items():
        tied: dict[str, list[int]] = defaultdict(list)
        for row, value in enumerate(values):
            if isinstance(value, str):
                tied[value].append(row)
        yield from ((kind, rows) for rows in tied.values() if len(rows) > 1)
    digest = pack.table["sha256"].to_numpy()
    # exact copies are tied as such already
    yield from (("near", rows) for rows in near_groups(pack) if len(set(digest[rows])) > 1)
    places = {key: row for row, key in enumerate(pack.table["key"])}
    for row, other in enumerate(pack.table["same_signal"]):
        if isinstance(other, str) and places.get(other, row) != row:
            yield "same_signal", sorted([row, places[other]])


def recording_name(key: str) -> str | None:
    """Give the public recording that a key names, the same for all its copies; None if the key is no such name.

    PTB-XL's `00145_lr`, `00145_hr` and the challenges' `HR00145` are one recording.
    """
    name = key.rpartition("/")[2]
    own = _PTBXL.fullmatch(name)
    if own is not None:
        return f"HR{own['own'] or own['challenge']}"
    return name if _CHALLENGE.fullmatch(name) else None


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
