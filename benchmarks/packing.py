"""How fast corpora are packed beside a bare loop of wfdb and resample_poly, and how fast packs give windows."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.reference.large import write_large
from benchmarks.reference.tiled import write_tiled
from ecgssl_core.cores import usable_cores
from ecgssl_core.corpus.budget import estimate_budget, spent
from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.corpus.source import Source, open_source
from ecgssl_core.corpus.survey import survey_folder

RATE = 100.0
WINDOW, BATCH = 250, 1024
ROUNDS = 3


def main(words: Sequence[str] | None = None) -> None:
    """Print the figures."""
    asked = _parsed(words)
    if asked.open:
        print(json.dumps(opened(asked.open, asked.windows)))
        return
    found: dict[str, Any] = {"load": os.getloadavg()[0], "cores": usable_cores()}
    with tempfile.TemporaryDirectory(prefix="ecgssl-packing-") as name:
        here = Path(name)
        if asked.large:
            found["large"] = large(here)
        for folder in asked.folders:
            found[folder.name] = reading(open_source(None, folder), here, asked.rounds)
            print(folder.name, json.dumps(found[folder.name]), file=sys.stderr, flush=True)
        for records in asked.tiled if asked.folders else ():
            first = here / f"{asked.folders[0].name}-0"
            tiled = write_tiled(open_pack(first), here / "tiled", records, sparse=records > asked.dense)
            windows = asked.windows if records <= asked.dense else asked.windows // 100  # a hole is read slowly
            found[f"{records} records"] = _apart(tiled, windows)
            print(records, json.dumps(found[f"{records} records"]), file=sys.stderr, flush=True)
            for file in tiled.iterdir():
                file.unlink()
            tiled.rmdir()
    print(json.dumps(found, indent=1))


def reading(source: Source, here: Path, rounds: int) -> dict[str, Any]:
    """Give records a second of the bare loop and of packing, in turn, and the ratio of each round."""
    paths = [str(entry.path.with_suffix("")) for entry in source.entries]
    survey_folder(source)  # starts the process that waits
    start = time.perf_counter()
    survey_folder(source)
    survey_s = time.perf_counter() - start
    budget = estimate_budget(source, RATE)
    bare_s, ours_s, packs = [], [], []
    with ProcessPoolExecutor(usable_cores(), get_context("spawn")) as pool:
        list(pool.map(bare, paths[:8]))  # loads wfdb and scipy, which is not counted; nor is it for packing, above
        for at in range(rounds):
            start = time.perf_counter()
            bare_cpu = sum(pool.map(bare, paths, chunksize=8))
            bare_s.append(time.perf_counter() - start)
            start = time.perf_counter()
            packs.append(build_pack(source, here / f"{source.folder.name}-{at}", RATE))
            ours_s.append(time.perf_counter() - start)
    peak_mb, ours_cpu = watched(source, here / f"{source.folder.name}-watched")
    start = time.perf_counter()
    build_pack(source, here / f"{source.folder.name}-0", RATE)
    return {
        "records": len(paths),
        "survey_s": survey_s,
        "bare_per_s": len(paths) / statistics.median(bare_s),
        "ours_per_s": len(paths) / statistics.median(ours_s),
        "ratios": [one / other for one, other in zip(bare_s, ours_s, strict=True)],
        "second_run_s": time.perf_counter() - start,
        "bare_cpu_ms": 1000 * bare_cpu / len(paths),
        "ours_cpu_ms": 1000 * ours_cpu / len(paths),
        "budget": budget.sentence(),
        "spent": spent(packs[-1], ours_s[-1]).sentence(),
        "peak_mb": peak_mb,
    }


def large(here: Path) -> dict[str, Any]:
    """Give the memory that packing long recordings takes, and how many were refused for their size."""
    out = here / "large-pack"
    peak_mb, _ = watched(open_source("wfdb", write_large(here / "large")), out)
    return {"peak_mb": peak_mb, "packed": len(open_pack(out)), "refused": len(open_pack(out).refused)}


def bare(path: str) -> float:
    """Read a record and change its rate, as a script would that keeps nothing; give the seconds of processor time."""
    import wfdb
    from scipy.signal import resample_poly

    start = time.process_time()
    record = wfdb.rdrecord(path)
    ratio = Fraction(RATE).limit_denominator(10**6) / Fraction(record.fs).limit_denominator(10**6)
    resample_poly(record.p_signal, ratio.numerator, ratio.denominator, axis=0)
    return time.process_time() - start


def opened(path: Path, windows: int) -> dict[str, float]:
    """Give how long a pack takes to open, the windows a second that it gives, and the memory that stays, in MB."""
    import numpy as np

    before, times = _memory("RssAnon"), []
    for _ in range(5):
        start = time.perf_counter()
        pack = open_pack(path)
        times.append(time.perf_counter() - start)
    after_open, chance = _memory("RssAnon"), np.random.default_rng(0)
    rates = {}
    for name, draw in (("batched", _batched), ("one_by_one", _one_by_one)):
        done, start = 0, time.perf_counter()
        while done < windows:
            rows = chance.integers(0, len(pack), BATCH)
            draw(pack, rows, chance.integers(0, pack.lengths[rows] - WINDOW + 1))
            done += BATCH
        rates[f"{name}_per_s"] = done / (time.perf_counter() - start)
    after_windows, start = _memory("RssAnon"), time.perf_counter()
    len(pack.table)
    return {
        "open_first_s": times[0],
        "open_s": statistics.median(times),
        **rates,
        "all_columns_s": time.perf_counter() - start,
        "mb_before": before,
        "mb_open": after_open,
        "mb_after_windows": after_windows,
        "mb_with_table": _memory("RssAnon"),
        "mapped_mb": _memory("RssFile"),
    }


def _batched(pack: Pack, rows: Any, starts: Any) -> None:
    pack.windows(rows, starts, WINDOW)


def _one_by_one(pack: Pack, rows: Any, starts: Any) -> None:
    for row, start in zip(rows, starts, strict=True):
        pack.signal(row, start, WINDOW)


def _memory(what: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _apart(path: Path, windows: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.packing", "--open", str(path), "--windows", str(windows)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def watched(source: Source, out: Path) -> tuple[float, float]:
    """Pack, and give the most MB that this process and all below it hold at once, and their seconds of processor time.

    Pages that processes share count once.
    """
    ended, most, cpu = threading.Event(), [0.0], dict[int, float]()
    before = {process: seconds for process, (_, seconds) in _tree(os.getpid()).items()}

    def watch() -> None:
        while not ended.wait(0.25):  # looking takes time itself
            held = _tree(os.getpid())
            most[0] = max(most[0], sum(megabytes for megabytes, _ in held.values()))
            cpu.update({process: seconds for process, (_, seconds) in held.items()})

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        build_pack(source, out, RATE)
    finally:
        ended.set()
        watcher.join()
    return most[0], sum(seconds - before.get(process, 0.0) for process, seconds in cpu.items())


def _tree(process: int) -> dict[int, tuple[float, float]]:
    """Give MB and seconds of processor time of a process and of all below it."""
    folder = Path(f"/proc/{process}")
    try:
        lines = (folder / "smaps_rollup").read_text().splitlines()
        numbers = (folder / "stat").read_text().rpartition(")")[2].split()
        below = [child for task in (folder / "task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return {}  # it ended meanwhile
    held = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
    found = {process: (held, (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK"))}
    for child in below:
        found |= _tree(int(child))
    return found


def _parsed(words: Sequence[str] | None) -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="corpora to be packed; windows are cut from the first")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--tiled", type=int, nargs="*", default=[100_000, 1_000_000], help="records of a large pack")
    parser.add_argument("--large", action="store_true", help="measure memory on long recordings too")
    parser.add_argument("--dense", type=int, default=100_000, help="above so many records, samples take no disk")
    parser.add_argument("--windows", type=int, default=200_000, help="windows to be drawn")
    parser.add_argument("--open", type=Path, metavar="PACK", help="only open this pack, and print its figures")
    return parser.parse_args(words)


if __name__ == "__main__":
    main()
