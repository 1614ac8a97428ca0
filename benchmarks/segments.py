"""Segments a second that the objectives of Oh et al. 2022 train, their share of the GEMM peak, and their memory."""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.steps import alternate, peak_kib
from ecgssl_core.methods.method import Batch
from ecgssl_core.settings import load_preset
from ecgssl_core.signals.chance import Chance
from ecgssl_core.training.memory import keep_memory
from ecgssl_core.training.pretrain import input_spec, new_method

PRESETS = ("oh2022", "oh2022-w2v", "oh2022-cmsc", "oh2022-small")
PAIRS = 16
GEMM = 2048
SECONDS = 30.0
PRECISIONS = {"fp32": torch.float32, "bf16": torch.bfloat16}
_MULTIPLIES_BF16 = ("avx512_bf16", "amx_bf16")


@dataclass(frozen=True)
class Row:
    """A line of the table: a preset, segments a second, what arithmetic a step holds, its share of the peak, MiB."""

    preset: str
    precision: str
    pairs: int
    segments_s: float
    gflop: float
    share: float
    mib: float


def main(words: Sequence[str] | None = None) -> None:
    """Print the table, or what one step holds in memory."""
    asked = _parsed(words)
    keep_memory()
    torch.set_num_threads(asked.threads)
    if asked.memory:
        step, _ = training_step(asked.memory, asked.pairs, asked.precision)
        step()
        step()
        print(peak_kib() / 1024)
        return
    precisions = [name for name in PRECISIONS if name == "fp32" or multiplies_bf16()]
    rows = [measured(preset, name, asked) for preset in asked.presets for name in precisions]
    if asked.json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    print("{:16s} {:9s} {:>5s} {:>11s} {:>10s} {:>13s} {:>8s}".format(*_HEAD))
    for row in rows:
        numbers = f"{row.segments_s:11.2f} {row.gflop:10.0f} {100 * row.share:11.0f} % {row.mib:8.0f}"
        print(f"{row.preset:16s} {row.precision:9s} {row.pairs:5d} {numbers}")
    if "bf16" not in precisions:
        print("bf16: this processor does not multiply it")


_HEAD = ("preset", "precision", "pairs", "segments/s", "GFLOP/step", "share of peak", "MiB")


def measured(preset: str, precision: str, asked: argparse.Namespace) -> Row:
    """Give a row: steps and products of matrices timed in turn, memory in a process of its own."""
    step, segments = training_step(preset, asked.pairs, precision)
    first, second = (torch.randn(GEMM, GEMM, dtype=PRECISIONS[precision]) for _ in range(2))
    with FlopCounterMode(display=False) as counter:
        step()
    seconds, product = alternate([step, lambda: first @ second], asked.seconds)
    peak = 2 * GEMM**3 / product
    flop = counter.get_total_flops()
    words = ["--memory", preset, "--precision", precision, "--pairs", str(asked.pairs), "--threads", str(asked.threads)]
    command = [sys.executable, "-m", "benchmarks.segments", *words]
    held = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return Row(preset, precision, asked.pairs, segments / seconds, flop / 1e9, flop / seconds / peak, held)


def training_step(preset: str, pairs: int, precision: str) -> tuple[Callable[[], object], int]:
    """Give a step forward and back on random records, and how many segments it reads."""
    torch.manual_seed(0)
    settings = load_preset(preset)
    method = new_method(settings, input_spec(settings)).train()
    batch = Batch(torch.randn(pairs, 12, method.source_samples), None, watched=False)

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss, _ = method.loss(batch, Chance.of(0, 0, torch.arange(pairs)))
        loss.backward()  # type: ignore[no-untyped-call]
        method.zero_grad(set_to_none=True)

    return step, pairs * settings.views.globals


def multiplies_bf16() -> bool:
    """Say whether this processor has instructions for products in bf16; elsewhere they are imitated, slowly."""
    known = Path("/proc/cpuinfo")
    return known.exists() and any(name in known.read_text() for name in _MULTIPLIES_BF16)


def _parsed(words: Sequence[str] | None) -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="*", default=PRESETS, help="pretrainings")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="records of a step")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="threads of a step")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="spent on a row at least")
    parser.add_argument("--precision", choices=PRECISIONS, default="fp32", help="with --memory")
    parser.add_argument("--memory", metavar="PRESET", help="print the peak MiB of a step alone")
    parser.add_argument("--json", action="store_true", help="one JSON list in place of the table")
    return parser.parse_args(words)


if __name__ == "__main__":
    main()
