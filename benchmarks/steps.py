"""How many records a second views, training steps and predictions make, beside plain references of the same run."""

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from benchmarks.reference.batches import batch_pairs, whole_loop
from benchmarks.reference.made import TINY, WHOLE, Size
from benchmarks.reference.pairs import MODALITIES, Pair, Work, our_pretraining, pairs
from ecgssl_core.training.memory import keep_memory

WARM, LEAST = 3, 7  # calls that warm up; rounds of which the median is taken at least
SECONDS = 15.0  # further rounds are made until so much time is spent on a row
GEMM = 2048
SIDES = ("ours", "reference")


@dataclass(frozen=True)
class Row:
    """A line of the table; records a second, share of the GEMM peak (None where no arithmetic is counted), MiB."""

    what: str
    threads: int
    reference: float
    ours: float
    ratio: float
    reference_share: float | None
    ours_share: float | None
    reference_mib: float | None
    ours_mib: float | None


def main(words: Sequence[str] | None = None) -> None:
    """Print the table, or what one side of a row holds in memory."""
    asked = _parsed(words)
    size, known = TINY if asked.tiny else WHOLE, [*pairs(), *batch_pairs()]
    if asked.memory:
        (name, side), by_name = asked.memory, {pair.name: pair for pair in known}
        print(peak_mib(by_name[name], side, size, asked.threads))
        return
    keep_memory()
    peaks = {threads: gemm_peak(threads, 256 if asked.tiny else GEMM) for threads in {1, asked.threads}}
    chosen = [pair for pair in known if asked.only in pair.name]
    rows = []
    for pair in chosen:
        print(f"{pair.name} …", file=sys.stderr, flush=True)
        rows.append(measured(pair, size, asked, peaks))
    shares = {} if asked.only and asked.only not in "loop" else loop_shares(size, asked)
    if asked.json:
        print(json.dumps({"gemm_gflops": peaks, "rows": [asdict(row) for row in rows], "loop": shares}))
    else:
        show(rows, peaks, shares)


def measured(pair: Pair, size: Size, asked: argparse.Namespace, peaks: dict[int, float]) -> Row:
    """Give a row: both sides timed in turn in this process, their memory each in one of its own."""
    threads = 1 if pair.one_core else asked.threads
    torch.set_num_threads(threads)
    seconds = alternate([pair.ours(size), pair.reference(size)], 0 if asked.tiny else SECONDS)
    ours, reference = (pair.records(size) / one for one in seconds)
    shares = [None if pair.gflop is None else speed * pair.gflop / peaks[threads] for speed in (ours, reference)]
    held = [None if asked.no_memory else _memory_apart(pair, side, asked) for side in SIDES]
    return Row(pair.name, threads, reference, ours, ours / reference, shares[1], shares[0], held[1], held[0])


def alternate(works: list[Work], budget_s: float) -> list[float]:
    """Give the median seconds of each work, done in turn so that all meet the same other load."""
    for work in works:
        for _ in range(WARM):
            work()
    times: list[list[float]] = [[] for _ in works]
    began = time.perf_counter()
    while len(times[0]) < LEAST or (time.perf_counter() - began < budget_s and len(times[0]) < 10 * LEAST):
        for work, spent in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            spent.append(time.perf_counter() - start)
    return [statistics.median(spent) for spent in times]


def gemm_peak(threads: int, size: int) -> float:
    """Give the GFLOP/s of a product of two square float32 matrices."""
    torch.set_num_threads(threads)
    first, second = torch.randn(size, size), torch.randn(size, size)
    (seconds,) = alternate([lambda: first @ second], 2.0)
    return 2 * size**3 / seconds / 1e9


def loop_shares(size: Size, asked: argparse.Namespace) -> dict[str, float]:
    """Give the share of a pretraining step that order, stretches and views take: whole loop against the bare step."""
    torch.set_num_threads(asked.threads)
    shares: dict[str, float] = {}
    for modality in MODALITIES:
        works = [whole_loop(modality, size), our_pretraining(modality)(size)]
        whole, bare = alternate(works, 0 if asked.tiny else SECONDS)
        shares[modality] = 1 - bare / whole
    return shares


def peak_mib(pair: Pair, side: str, size: Size, threads: int) -> float:
    """Give the most memory that this process has held, having built one side and done it a few times."""
    torch.set_num_threads(1 if pair.one_core else threads)
    if side == "ours":
        keep_memory()
    work: Work = getattr(pair, side)(size)
    for _ in range(WARM):
        work()
    return peak_kib() / 1024


def peak_kib() -> float:
    """Give the largest resident size of this program; what getrusage says may be its parent's, from before exec."""
    status = Path("/proc/self/status")
    if status.exists():
        return float(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1])  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)


def _memory_apart(pair: Pair, side: str, asked: argparse.Namespace) -> float:
    command = [sys.executable, "-m", "benchmarks.steps", "--memory", pair.name, side, "--threads", str(asked.threads)]
    command += ["--tiny"] if asked.tiny else []
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def show(rows: list[Row], peaks: dict[int, float], shares: dict[str, float]) -> None:
    """Print the table for people."""
    for threads, peak in sorted(peaks.items()):
        print(f"float32 GEMM, {threads} thread{'s' * (threads > 1)}: {peak:.0f} GFLOP/s")
    head = ("what", "threads", "reference/s", "ours/s", "ratio", "share of peak", "MiB ref.", "MiB ours")
    print("{:38s} {:>7s} {:>12s} {:>10s} {:>6s} {:>15s} {:>9s} {:>9s}".format(*head))
    for row in rows:
        reached = f"{_percent(row.reference_share)} -> {_percent(row.ours_share)}"
        held = " ".join(
            f"{'-' if mib is None else format(mib, '.0f'):>9s}" for mib in (row.reference_mib, row.ours_mib)
        )
        numbers = f"{row.threads:7d} {row.reference:12.1f} {row.ours:10.1f} {row.ratio:6.2f} {reached:>15s} {held}"
        print(f"{row.what:38s} {numbers}")
    for modality, part in shares.items():
        print(f"views and data in the pretraining loop, {modality}: {100 * part:.1f} %")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"


def _parsed(words: Sequence[str] | None) -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="threads of a step")
    parser.add_argument("--only", default="", help="rows whose name holds this text")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument("--no-memory", action="store_true", help="do not measure memory, which builds everything again")
    parser.add_argument("--tiny", action="store_true", help="sizes that prove nothing, to see that all of it runs")
    parser.add_argument("--memory", nargs=2, metavar=("NAME", "SIDE"), help="print the peak MiB of one side of one row")
    return parser.parse_args(words)


if __name__ == "__main__":
    main()
