"""The beats that the shipped network finds in two-lead records of another collection and other rates."""

from pathlib import Path

import numpy as np
import wfdb
from numpy.typing import NDArray

from benchmarks.delineator.matching import match
from ecgssl_core.records.beats import MISSING, find_beats
from ecgssl_core.records.delineate import delineate

MITDB = Path.home() / ".cache" / "ecgssl-tests" / "mitdb"
BEATS = set("NLRBAaJSVrFejnE/fQ")
PART_S, WINDOW_MS = 300, 150


def show_other_beats(folder: Path) -> None:
    """Print sensitivity and precision of beats for each annotated record of a folder."""
    print(f"\nbeats within {WINDOW_MS} ms: beats, sensitivity, precision, F1")
    for path in sorted(folder.glob("*.atr")):
        hits, marked, found = _counts(path.with_suffix(""))
        figures = f"{hits / marked:.4f}  {hits / max(found, 1):.4f}  {2 * hits / (marked + found):.4f}"
        print(f"{path.stem:8s} {marked:5d}  {figures}")


def _counts(path: Path) -> tuple[int, int, int]:
    """Give the matched, the marked and the found beats, in parts of five minutes."""
    record, marks = wfdb.rdrecord(str(path)), wfdb.rdann(str(path), "atr")
    signal, part = record.p_signal.T.astype(np.float32), round(PART_S * record.fs)
    marked = np.array([at for at, symbol in zip(marks.sample, marks.symbol, strict=True) if symbol in BEATS])
    counts = np.zeros(3, dtype=int)
    for first in range(0, signal.shape[1], part):
        found = _middles(signal[:, first : first + part], record.fs)
        own = marked[(marked >= first) & (marked < first + part)] - first
        pairs = match(own * 1000 / record.fs, found * 1000 / record.fs, WINDOW_MS)
        counts += len(pairs), len(own), len(found)
    hits, of_marks, ours = counts.tolist()
    return hits, of_marks, ours


def _middles(signal: NDArray[np.float32], rate: float) -> NDArray[np.float64]:
    beats = find_beats(delineate(signal, rate), rate)
    return np.array([np.median(beat[beat[:, 1, 1] != MISSING, 1, 1]) for beat in beats])
