"""How near the marked waves of LUDB our delineator comes, on records it was not trained on, beside a plain algorithm.

The network's figures need the ten folds' weights, which `python -m benchmarks.delineator.train` makes in 40 minutes.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.delineator.global_intervals import show_axes, show_intervals
from benchmarks.delineator.ludb import FOLDS, LUDB, RATE, Marked, folds_of, read_ludb
from benchmarks.delineator.matching import POINTS, Matches, bounds, matches_of, score, together
from benchmarks.delineator.other_beats import MITDB, show_other_beats
from benchmarks.delineator.plain import plain_waves
from benchmarks.delineator.train import INTO
from ecgssl_core.records.delineate import Wave, delineate
from ecgssl_core.records.delineate_network import read_weights

WINDOWS_MS = (150, 75, 40)
AIM_MS = 150
MS = 1000 / RATE

Waves = tuple[tuple[Wave, ...], ...]


def main(words: Sequence[str] | None = None) -> None:
    """Print the tables of both delineators, those of the intervals, and the time that a record takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ludb", type=Path, default=LUDB, help="folder of the unpacked records")
    parser.add_argument("--mitdb", type=Path, default=MITDB, help="folder of some MIT-BIH records")
    parser.add_argument("--folds", type=Path, default=INTO, help="folder of the ten folds' weights")
    asked = parser.parse_args(words)
    if not asked.ludb.exists():
        print(f"LUDB is not at {asked.ludb}: nothing to measure against")
        return
    records = read_ludb(asked.ludb)
    show("plain algorithm", records, [plain_waves(record.signal, RATE) for record in records])
    show_network(records, asked.folds)
    if asked.mitdb.exists():
        show_other_beats(asked.mitdb)
    alone = timed(lambda: delineate(records[0].signal, RATE))
    single = timed(lambda: delineate(records[0].signal[1:2], RATE))
    print(f"12 leads x 10 s at {RATE:.0f} Hz: {alone:.0f} ms of one core (aim {AIM_MS}); one lead: {single:.0f} ms")


def show_network(records: list[Marked], weights: Path) -> None:
    """Print what the network finds on each fold's records with the weights that have not seen them."""
    folds = folds_of(len(records))
    there = [fold for fold in range(FOLDS) if (weights / f"fold{fold}.npz").exists()]
    if not there:
        print("\nThe folds' weights are not there: python -m benchmarks.delineator.train makes them.")
        return
    pairs = [
        (record, delineate(record.signal, RATE, read_weights(weights / f"fold{fold}.npz")))
        for record, fold in zip(records, folds, strict=True)
        if fold in there
    ]
    unseen, found = [record for record, _ in pairs], [waves for _, waves in pairs]
    show(f"network, {len(there)} of {FOLDS} folds", unseen, found)
    show_intervals(unseen, found)
    show_axes(unseen, found)


def show(name: str, records: list[Marked], found: list[Waves]) -> None:
    """Print one delineator's figures for the six points, with 95 % intervals over records."""
    print(f"\n{name}: {len(records)} records, 12 leads each")
    for window in WINDOWS_MS:
        print(f"within {window} ms    sensitivity precision F1                      mean ms               SD ms")
        for point, label in enumerate(POINTS):
            matches = [matched(*pair, point, window) for pair in zip(records, found, strict=True)]
            one, (low, high) = score(matches), bounds(matches)
            spans = [
                f"{one.f1:.4f} [{low.f1:.4f}, {high.f1:.4f}]",
                f"{one.mean:+5.1f} [{low.mean:+.1f}, {high.mean:+.1f}]",
                f"{one.sd:4.1f} [{low.sd:.1f}, {high.sd:.1f}]",
            ]
            print(f"{label:16s}   {one.sensitivity:.4f}    {one.precision:.4f}    {'   '.join(spans)}")
    show_fibrillating(records, found)


def show_fibrillating(records: list[Marked], found: list[Waves]) -> None:
    """Print how many P waves are found where atria fibrillate or flutter, and the P figures of all other records."""
    pairs = list(zip(records, found, strict=True))
    without = [(record, waves) for record, waves in pairs if record.fibrillates]
    false = [sum(_inside(record, waves, kind) for record, waves in without) for kind in (0, 1)]
    print(
        f"P waves found in {len(without)} records of AF and flutter: {false[0]}, "
        f"{100 * false[0] / false[1]:.1f} per 100 QRS complexes"
    )
    for point in (0, 1):
        one = score([matched(record, waves, point, 150) for record, waves in pairs if not record.fibrillates])
        print(
            f"{POINTS[point]} without these records: F1 {one.f1:.4f}, precision {one.precision:.4f}, SD {one.sd:.1f} ms"
        )


def matched(record: Marked, waves: Waves, point: int, window: float) -> Matches:
    """Give the matches of one kind of point over the leads of a record."""
    kind, column = divmod(point, 2)
    leads = []
    for rows, own, span in zip(record.marks, waves, record.spans, strict=True):
        marked = rows[rows[:, 0] == kind][:, 3 if column else 1]
        detected = np.array([wave.end if column else wave.onset for wave in own if wave.kind == kind], dtype=np.int64)
        moments = [points[points >= 0] * MS for points in (marked, detected)]
        leads.append(matches_of(moments[0], moments[1], (span[0] * MS, span[1] * MS), window))
    return together(leads)


def timed(work: Callable[[], object], rounds: int = 9) -> float:
    """Give the median of the milliseconds of processor time that a call takes, after one that warms up."""
    work()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def _inside(record: Marked, waves: Waves, kind: int) -> int:
    """Give how many waves of a kind peak between a lead's first and last mark."""
    pairs = zip(waves, record.spans, strict=True)
    return sum(wave.kind == kind and span[0] <= wave.peak <= span[1] for own, span in pairs for wave in own)


if __name__ == "__main__":
    main()
