"""Sizes and made-up signals that both sides of a comparison share."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import Pack
from ecgssl_core.signals.spec import InputSpec

SPEC = InputSpec().with_statistics(time_std=(0.25,) * 12, spectrogram_mean=(0.02,) * 12, spectrogram_std=(0.054,) * 12)
CLASSES = 24


@dataclass(frozen=True)
class Size:
    """How much at a time: records of a step, records whose views are made together, prototypes, windows of a record in
    fine-tuning, records scored one by one, records of a pack."""

    batch: int = 32
    views: int = 196  # the batch that the paper trains the series encoder with
    prototypes: int = 65_536
    windows: int = 5
    few: int = 8
    pack: int = 128


WHOLE = Size()
TINY = Size(batch=2, views=2, prototypes=64, windows=2, few=1, pack=4)


def made_signal(records: int, samples: int) -> NDArray[np.float32]:
    """Give noise (records, 12, samples) as strong as an ECG, in mV."""
    return np.random.default_rng(0).normal(0, 0.25, (records, 12, samples)).astype(np.float32)


def made_pack(records: int, samples: int = 1000) -> Pack:
    """Give a pack of noise that lies in memory."""
    counts = np.rint(made_signal(records, samples) / 1e-3).astype(np.int16)  # (records, 12, samples)
    table = pd.DataFrame(
        {
            "start": np.arange(records) * samples,
            "samples": samples,
            "scale_mv": 1e-3,
        }
    )
    signals = np.ascontiguousarray(counts.transpose(0, 2, 1).reshape(-1, 12))
    return Pack(Path("made"), {"rate_hz": 100.0, "digest": "made"}, table, signals)
