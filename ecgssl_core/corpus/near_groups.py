"""The near duplicates of a pack, found once and kept beside it in `near.npz`, which any later call may make anew."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.corpus.near import CORRELATION, WIDTH, Floats, are_near, candidates, leads_of, signatures
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.durable import replace_file
from ecgssl_core.errors import OwnFault

NEAR = "near.npz"
_FORM = 1
_SIDE_BY_SIDE = 256  # candidates that are read together


@dataclass(frozen=True, eq=False)
class Near:
    """What is known of the records of a pack.

    Args:
        signature: (records, WIDTH); zeros where lead II is flat, which is like nothing else.
        first: the first row of the group of near duplicates that each record belongs to, often its own, (records,).
    """

    signature: Floats
    first: NDArray[np.int64]


def near_groups(pack: Pack) -> list[list[int]]:
    """List the groups of near duplicates of a pack: rows in order, each group led to by pairs above the limit."""
    groups: dict[int, list[int]] = defaultdict(list)
    for row, first in enumerate(_near(pack).first.tolist()):
        groups[first].append(row)
    return [rows for rows in groups.values() if len(rows) > 1]


def near_rows(pack: Pack, other: Pack, held: Iterable[int]) -> NDArray[np.int64]:
    """Give the rows of a pack that are near duplicates of some rows of another pack, in order."""
    mine, theirs = _near(pack).signature, _near(other).signature
    outside = np.array(list(held), dtype=np.int64)
    outside = outside[theirs[outside].any(axis=1)]
    seconds, held_seconds = _samples(pack), _samples(other)[outside]
    found: list[int] = []
    for length in np.intersect1d(seconds, held_seconds):
        rows, those = np.flatnonzero((seconds == length) & mine.any(axis=1)), outside[held_seconds == length]
        if not rows.size:
            continue
        for at, places in candidates(mine[rows], theirs[those]):
            if are_near(leads_of(pack, rows[[at]])[0], other, those[places]).any():
                found.append(int(rows[at]))
    return np.array(sorted(found), dtype=np.int64)


def _near(pack: Pack) -> Near:
    """Give what is kept beside the pack, or find it and try to keep it."""
    kept = _kept(pack)
    if kept is not None:
        return kept
    signature = signatures(pack, np.arange(len(pack)))
    near = Near(signature, _grouped(pack, signature))
    content = io.BytesIO()
    np.savez(content, made_for=_made_for(pack), signature=near.signature, first=near.first)
    with suppress(OwnFault):  # a pack that may not be written to is only audited anew each time
        replace_file(pack.path / NEAR, content.getvalue())
    return near


def _kept(pack: Pack) -> Near | None:
    try:
        with (pack.path / NEAR).open("rb") as content, np.load(content, allow_pickle=False) as file:
            made_for, near = str(file["made_for"]), Near(file["signature"], file["first"])
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
        return None
    whole = near.signature.shape == (len(pack), WIDTH) and near.first.shape == (len(pack),)
    return near if whole and made_for == _made_for(pack) else None


def _made_for(pack: Pack) -> str:
    return f"{_FORM} {CORRELATION} {pack.digest}"


def _samples(pack: Pack) -> NDArray[np.int64]:
    """Give the length of each record at 100 Hz."""
    return np.floor(pack.lengths * 100 / pack.rate + 1e-6).astype(np.int64)


def _grouped(pack: Pack, signature: Floats) -> NDArray[np.int64]:
    """Give the first row of each record's group, (records,)."""
    digest = pack.table["sha256"]
    copies = digest.duplicated().to_numpy()  # exact ones need no comparing, however many there are
    first = np.array(pd.Series(np.arange(len(pack))).groupby(digest.to_numpy()).transform("min"), dtype=np.int64)
    for length in np.unique(pack.lengths):
        rows = np.flatnonzero((pack.lengths == length) & signature.any(axis=1) & ~copies)
        if rows.size > 1:
            for at, places in candidates(signature[rows], signature[rows]):
                _join(pack, first, int(rows[at]), rows[places[places > at]])
    return first


def _join(pack: Pack, first: NDArray[np.int64], row: int, others: NDArray[np.int64]) -> None:
    """Join the groups of a row and of those others that are near duplicates of it; what is joined is not read again."""
    lead = None
    for begin in range(0, len(others), _SIDE_BY_SIDE):
        apart = others[begin : begin + _SIDE_BY_SIDE]
        apart = apart[first[apart] != first[row]]
        if not apart.size:
            continue
        lead = leads_of(pack, np.array([row]))[0] if lead is None else lead
        for other in apart[are_near(lead, pack, apart)].tolist():
            low, high = sorted((int(first[row]), int(first[other])))
            first[first == high] = low
