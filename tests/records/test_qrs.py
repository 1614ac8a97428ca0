"""QRS complexes: found where cardiologists marked them, in noise too, and nowhere in nothing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import wfdb

from ecgssl_core.records.qrs import qrs_times
from tests.records.marks import matched

BEATS = set("NLRBAaJSVrFejnE/fQ?")


def _marked(path: Path, annotator: str, symbols: set[str]) -> np.ndarray:
    marks = wfdb.rdann(str(path), annotator)
    chosen = [sample for sample, symbol in zip(marks.sample, marks.symbol, strict=True) if symbol in symbols]
    return np.array(chosen) / marks.fs


def test_beats_lie_where_cardiologists_marked_them(real: Callable[[str], Path]) -> None:
    found = marked = hits = 0
    folder = real("ludb") / "data"
    for number in range(1, 201, 20):
        path = folder / str(number)
        record = wfdb.rdrecord(str(path))
        marks = _marked(path, "ii", {"N"})
        times = qrs_times(record.p_signal.T.astype(np.float32), record.fs)
        times = times[(times > marks[0] - 0.15) & (times < marks[-1] + 0.15)]
        found, marked, hits = found + len(times), marked + len(marks), hits + matched(times, marks)
    assert hits / marked > 0.99
    assert hits / found > 0.99


@pytest.mark.parametrize(("name", "sensitivity", "precision"), [("100", 0.999, 0.999), ("118e24", 0.999, 0.99)])
def test_half_an_hour_of_two_leads(
    real: Callable[[str], Path], name: str, sensitivity: float, precision: float
) -> None:
    path = real("mitdb") / name
    record = wfdb.rdrecord(str(path))
    marks, times = _marked(path, "atr", BEATS), qrs_times(record.p_signal.T.astype(np.float32), record.fs)
    hits = matched(times, marks)
    assert hits / len(marks) > sensitivity
    assert hits / len(times) > precision


@pytest.mark.parametrize("samples", [0, 1, 10, 100, 5000])
def test_nothing_has_no_beats(samples: int) -> None:
    assert len(qrs_times(np.zeros((12, samples), np.float32), 500)) == 0
    assert len(qrs_times(np.full((12, samples), np.nan, np.float32), 500)) == 0


def test_no_leads_have_no_beats() -> None:
    assert len(qrs_times(np.zeros((0, 5000), np.float32), 500)) == 0
