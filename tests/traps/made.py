"""Recordings made for the tests of traps."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ecgssl_core.signals.leads import LEADS


def made_ecg(rate: int, seconds: float, seed: int) -> np.ndarray:
    """Give twelve leads (12, samples) in mV that obey Einthoven and Goldberger."""
    random, time = np.random.default_rng(seed), np.arange(round(rate * seconds)) / rate
    beats = np.exp(-((((time * random.uniform(0.9, 1.8)) % 1) - 0.5) ** 2) / 2e-3)
    free = random.uniform(0.4, 1.2, (8, 1)) * beats + 0.05 * random.normal(size=(8, len(time)))
    one, two = free[:2]
    return np.vstack([one, two, two - one, -(one + two) / 2, one - two / 2, two - one / 2, free[2:]])


def write_record(path: Path, signal: np.ndarray, rate: int, lines: Sequence[str] = ()) -> None:
    """Write a WFDB record of signal (12, samples) in mV: path without suffix, lines behind the header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    counts = np.rint(signal * 1000).astype("<i2")
    rows = [
        f"{path.name}.dat 16 1000/mV 16 0 {row[0]} {int(row.sum(dtype=np.int64)) % 65536} 0 {lead}"
        for lead, row in zip(LEADS, counts, strict=True)
    ]
    head = f"{path.name} 12 {rate} {counts.shape[1]}"
    path.with_suffix(".hea").write_text("\n".join([head, *rows, *lines]) + "\n")
    path.with_suffix(".dat").write_bytes(counts.T.tobytes())
