"""Batches of disturbed pieces of LUDB records with the class of each sample, for training."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.delineator.ludb import RATE, Marked
from ecgssl_core.records import delineate_network

ROWS, SAMPLES = 24, 1024  # of a batch: leads over all its records; samples at the network's rate
LEADS = (1, 2, 3, 4, 6, 8, 12, 12)  # numbers of leads that a record of a batch may have
STRETCH = 1.25
UNKNOWN = -100  # not counted in the loss
_STEP = RATE / delineate_network.RATE
_EDGE = round(0.012 * RATE)  # the moment just outside the marked part is none with certainty
_GUARD = round(0.06 * RATE)


@dataclass(frozen=True, eq=False)
class Piece:
    """One record ready for cutting: levelled signal and classes, both (12, samples) at `RATE`."""

    signal: NDArray[np.float32]
    classes: NDArray[np.int64]


def piece_of(record: Marked) -> Piece:
    """Give a record's signal and the class of each sample; `UNKNOWN` outside the marked part of a lead."""
    classes = np.full(record.signal.shape, UNKNOWN)
    for row, (first, last) in enumerate(record.spans):
        classes[row, max(first - _EDGE, 0) : last + _EDGE + 1] = 0
        for wave, onset, peak, end in record.marks[row]:
            if onset < 0 or end < 0:
                classes[row, max(peak - _GUARD, 0) : peak + _GUARD] = UNKNOWN
            else:
                classes[row, onset : end + 1] = wave + 1
    return Piece(delineate_network.levelled(record.signal, RATE), classes)


def batches(pieces: list[Piece], steps: int, chance: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Give pairs of signals (records, leads, samples) and their classes of the same form."""
    for _ in range(steps):
        leads = int(chance.choice(LEADS))
        cuts = [_cut(pieces[at], leads, chance) for at in chance.integers(len(pieces), size=ROWS // leads)]
        yield torch.from_numpy(np.stack([one for one, _ in cuts])), torch.from_numpy(np.stack([one for _, one in cuts]))


def _cut(piece: Piece, leads: int, chance: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Give a stretched, disturbed and scaled part of some leads of a record."""
    step = _STEP * STRETCH ** chance.uniform(-1, 1)
    first = chance.uniform(0, piece.signal.shape[1] - 1 - step * SAMPLES)
    moments = first + step * np.arange(SAMPLES)
    chosen = chance.choice(len(piece.signal), leads, replace=False)
    known = np.arange(piece.signal.shape[1])
    signal = np.stack([np.interp(moments, known, piece.signal[row]) for row in chosen])
    signal = _disturbed(signal * np.where(chance.random((leads, 1)) < 0.1, -1, 1), chance)
    classes = piece.classes[chosen][:, np.rint(moments).astype(int)]
    if leads > 1 and chance.random() < 0.1:
        lost = chance.integers(leads)
        signal[lost], classes[lost] = chance.normal(0, 0.05, SAMPLES), 0
    return delineate_network.scaled(signal.astype(np.float32), delineate_network.RATE), classes


def _disturbed(signal: NDArray[np.float64], chance: np.random.Generator) -> NDArray[np.float64]:
    """Give the signal (leads, samples) in mV with some drift, hum, muscle noise or a narrower band."""
    leads, samples = signal.shape
    time = np.arange(samples) / delineate_network.RATE
    if chance.random() < 0.25:
        width = int(chance.integers(2, 5))
        signal = np.stack([np.convolve(row, np.ones(width) / width, mode="same") for row in signal])
    if chance.random() < 0.4:
        phase = 2 * np.pi * (chance.uniform(0.1, 0.6) * time + chance.random((leads, 1)))
        signal = signal + chance.exponential(0.06, (leads, 1)) * np.sin(phase)
    if chance.random() < 0.15:
        phase = 2 * np.pi * (chance.choice([50.0, 60.0]) * time + chance.random((leads, 1)))
        signal = signal + chance.exponential(0.01, (leads, 1)) * np.sin(phase)
    if chance.random() < 0.4:
        signal = signal + chance.exponential(0.012, (leads, 1)) * chance.normal(size=signal.shape)
    return signal
