"""The 200 records of LUDB with the cardiologists' marks of every lead."""

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import wfdb
from numpy.typing import NDArray

LUDB = Path.home() / ".cache" / "ecgssl-tests" / "ludb"
RATE = 500.0
ANNOTATORS = ("i", "ii", "iii", "avr", "avl", "avf", "v1", "v2", "v3", "v4", "v5", "v6")
WAVES = ("p", "N", "t")  # the symbols of the peaks: P, QRS, T
FOLDS = 10


@dataclass(frozen=True, eq=False)
class Marked:
    """One record and its marks.

    signal: (12, samples) in mV, at `RATE`.
    marks: for each lead, the rows (wave 0 P, 1 QRS, 2 T; onset; peak; end) in samples, -1 where a boundary is unmarked.
    spans: (12, 2) first and last marked sample of each lead.
    rhythm, axis: as the table says them.
    """

    name: str
    signal: NDArray[np.float32]
    marks: tuple[NDArray[np.int64], ...]
    spans: NDArray[np.int64]
    rhythm: str
    axis: str

    @cached_property
    def fibrillates(self) -> bool:
        """Whether the atria fibrillate or flutter, so that there is no P wave to find."""
        return "fibrillation" in self.rhythm or "flutter" in self.rhythm


def read_ludb(folder: Path = LUDB) -> list[Marked]:
    """Give all records in the order of their numbers."""
    said = _table(folder)
    names = sorted((path.stem for path in (folder / "data").glob("*.hea")), key=int)
    return [_read(folder / "data" / name, said[name]) for name in names]


def read_marked(folder: Path, name: str) -> Marked:
    """Give the record of a number."""
    return _read(folder / "data" / name, _table(folder)[name])


def folds_of(count: int) -> NDArray[np.int64]:
    """Give the fold of each record, drawn once: every record is another person."""
    return np.random.default_rng(0).permutation(np.arange(count) % FOLDS)


def _table(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "ludb.csv").open(newline="") as file:
        return {row["ID"].strip(): row for row in csv.DictReader(file)}


def _read(path: Path, said: dict[str, str]) -> Marked:
    signal = wfdb.rdrecord(str(path)).p_signal.T.astype(np.float32)
    marks, spans = [], []
    for annotator in ANNOTATORS:
        found = wfdb.rdann(str(path), annotator)
        marks.append(_waves(found.symbol, found.sample))
        spans.append((found.sample[0], found.sample[-1]))
    rhythm, axis = (said[column].strip().lower() for column in ("Rhythms", "Electric axis of the heart"))
    return Marked(
        path.name, signal, tuple(marks), np.array(spans), rhythm, axis.removeprefix("electric axis of the heart: ")
    )


def _waves(symbols: list[str], samples: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the waves; a bracket belongs to the peak right beside it."""
    rows = []
    for at, symbol in enumerate(symbols):
        if symbol in WAVES:
            onset = samples[at - 1] if at > 0 and symbols[at - 1] == "(" else -1
            end = samples[at + 1] if at + 1 < len(symbols) and symbols[at + 1] == ")" else -1
            rows.append((WAVES.index(symbol), onset, samples[at], end))
    return np.array(rows, dtype=np.int64).reshape(-1, 4)
