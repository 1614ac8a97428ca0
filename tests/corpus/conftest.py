"""Corpora made for tests: WFDB records on disk, and packs written directly where no file needs to be read."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ecgssl_core.corpus.pack import COLUMNS, MANIFEST, REFUSED, SIGNALS, TABLE, Pack, open_pack
from ecgssl_core.signals.leads import LEADS

LENGTH = 4  # samples of a record in a pack that is only divided into folds


def made_signal(rate: float, seconds: float, seed: int = 0) -> np.ndarray:
    """Give twelve leads in mV, (12, samples), whose limb leads obey Einthoven and Goldberger."""
    time = np.arange(round(rate * seconds)) / rate
    chance = np.random.default_rng(seed)
    phase = chance.uniform(0, 2 * np.pi, (8, 1))
    free = np.sin(2 * np.pi * 1.2 * time + phase) + 0.3 * np.sin(2 * np.pi * 7 * time + 3 * phase)  # (8, samples)
    one, two, chest = free[0], free[1], free[2:]
    return np.vstack([one, two, two - one, -(one + two) / 2, one - two / 2, two - one / 2, chest])


@pytest.fixture
def write_record(tmp_path: Path) -> Callable[..., np.ndarray]:
    """Give a function that writes a WFDB record below tmp_path/corpus, and gives its signal in mV."""

    def write(
        key: str,
        rate: int = 500,
        seconds: float = 3.0,
        leads: Sequence[str] = LEADS,
        unit: str = "mV",
        lines: Sequence[str] = ("# Age: 60", "# Sex: Female", "# Dx: 426783006"),
        missing: tuple[int, int, int] | None = None,
        seed: int = 0,
    ) -> np.ndarray:
        path = tmp_path / "corpus" / f"{key}.hea"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [LEADS.index(lead) for lead in leads]
        counts = np.rint(made_signal(rate, seconds, seed)[rows] * 1000).astype("<i2")
        if missing:
            lead, start, end = missing
            counts[lead, start:end] = -32768
        name = path.stem
        specifications = [
            f"{name}.dat 16 1000/{unit} 16 0 {row[0]} {int(row.sum(dtype=np.int64)) % 65536} 0 {lead}"
            for lead, row in zip(leads, counts, strict=True)
        ]
        head = f"{name} {len(leads)} {rate} {counts.shape[1]}"
        path.write_text("\n".join([head, *specifications, *lines]) + "\n")
        path.with_suffix(".dat").write_bytes(counts.T.tobytes())
        return counts / 1000

    return write


@pytest.fixture
def pack_of(tmp_path: Path) -> Callable[..., Pack]:
    """Give a function from a few columns of each record to a pack that holds these records, of four samples each."""

    def make(records: Sequence[dict[str, Any]], name: str = "pack") -> Pack:
        folder = tmp_path / name
        folder.mkdir()
        known = {"source": "one", "file_rate_hz": 500.0, "samples": LENGTH, "scale_mv": 0.001, "unknown_codes": "[]"}
        rows = [{**known, "sha256": f"hash of {record['key']}", **record} for record in records]
        for row in rows:
            row["codes"] = json.dumps(row["codes"]) if "codes" in row else None
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        table["start"] = table["samples"].cumsum() - table["samples"]
        table["patient_known"] = table["patient"].notna()
        table.astype(COLUMNS).to_parquet(folder / TABLE, index=False)
        np.save(folder / SIGNALS, np.zeros((int(table["samples"].sum()), 12), dtype=np.int16))
        (folder / REFUSED).write_text("key,kind,sentence\n")
        manifest = {"form": 1, "rate_hz": 100.0, "digest": f"digest of {name}", "source": "made"}
        (folder / MANIFEST).write_text(json.dumps(manifest))
        return open_pack(folder)

    return make
