"""The beats of an SCP-ECG record (EN 1064, section 4): where one was subtracted, and where samples were left out."""

from dataclasses import dataclass
from itertools import pairwise
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile

_HEAD = Struct("<HHH")  # ms of the reference beat, its fiducial sample, beats
_BEAT = Struct("<HIII")  # its type, first sample, fiducial, last sample
_ZONE = Struct("<II")  # first and last sample that were kept as they are
_SUBTRACTED = 0  # the type of the beats that reference beat 0 was taken from

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Beats:
    """What section 4 says; samples are counted from 1.

    milliseconds: length of the reference beat.
    fiducial: its sample that lies on the fiducial of each beat.
    subtracted: (first, fiducial, last) of each beat that it was subtracted from.
    protected: (first, last) of what was kept sample by sample.
    """

    milliseconds: int
    fiducial: int
    subtracted: tuple[tuple[int, int, int], ...]
    protected: tuple[tuple[int, int], ...]

    def kept(self, start: int, end: int) -> NDArray[np.bool_]:
        """Say for each sample of a lead from start to end whether it was kept as it is."""
        kept = np.zeros(end - start + 1, bool)
        for first, last in self.protected:
            kept[max(first - start, 0) : max(last - start + 1, 0)] = True
        return kept


def read_beats(name: str, body: bytes, samples: int) -> Beats:
    """Give the beats of section 4.

    Args:
        body: the section's data.
        samples: the last sample of the record.

    Raises:
        BrokenFile: the section ends early, or a zone in it lies outside the record.
    """
    if len(body) < _HEAD.size:
        raise BrokenFile(name, "Section 4 ends within its head; copy the file again.")
    milliseconds, fiducial, count = _HEAD.unpack_from(body)
    end = _HEAD.size + count * (_BEAT.size + _ZONE.size)
    if len(body) < end:
        raise BrokenFile(name, f"Section 4 promises {count} beats and ends before; copy the file again.")
    middle = _HEAD.size + count * _BEAT.size
    beats = [beat for kind, *beat in _BEAT.iter_unpack(body[_HEAD.size : middle]) if kind == _SUBTRACTED]
    zones = [zone for zone in _ZONE.iter_unpack(body[middle:end]) if zone != (0, 0)]
    if not all(1 <= first <= last <= samples for first, last in zones):
        raise BrokenFile(name, "A protected zone of section 4 lies outside the record; export it again.")
    if not all(1 <= first <= last <= samples for first, _, last in beats):
        raise BrokenFile(name, "A beat of section 4 lies outside the record; export it again.")
    return Beats(milliseconds, fiducial, tuple((first, at, last) for first, at, last in beats), tuple(zones))


def stored_samples(kept: NDArray[np.bool_], factor: int) -> int:
    """Give how many samples of a lead are stored: all that were kept, and one of each `factor` or fewer between."""
    return sum(stop - start if whole else -(-(stop - start) // factor) for start, stop, whole in _runs(kept))


def expanded(row: Counts, kept: NDArray[np.bool_], factor: int) -> Counts:
    """Give a lead at its full rate: between beats one value stands in the middle of each block, lines go between."""
    if factor == 1:
        return row
    full = np.empty(len(kept), np.int64)
    at = 0
    for start, stop, whole in _runs(kept):
        held = stop - start if whole else -(-(stop - start) // factor)
        part = row[at : at + held]
        middles = np.arange(held) * factor + (factor - 1) / 2
        full[start:stop] = part if whole else np.rint(np.interp(np.arange(stop - start), middles, part))
        at += held
    return full


def add_beats(row: Counts, shape: Counts, beats: Beats, start: int) -> Counts:
    """Give a lead with the reference beat added wherever it was subtracted.

    Args:
        row: (samples,), of which the first is number `start` of the record.
        shape: (samples,) of the reference beat.
        beats: what section 4 says.
        start: see above.
    """
    whole = row.copy()
    for first, fiducial, last in beats.subtracted:
        origin = fiducial - beats.fiducial + 1  # the sample that the shape's first one lies on
        begin, end = max(first, origin, start), min(last, origin + len(shape) - 1, start + len(row) - 1)
        if begin <= end:
            whole[begin - start : end - start + 1] += shape[begin - origin : end - origin + 1]
    return whole


def _runs(kept: NDArray[np.bool_]) -> list[tuple[int, int, bool]]:
    """Give (start, stop, kept) of each stretch in which all samples were kept, or none."""
    edges = [0, *(np.flatnonzero(np.diff(kept)) + 1).tolist(), len(kept)]
    return [(start, stop, bool(kept[start])) for start, stop in pairwise(edges)]
