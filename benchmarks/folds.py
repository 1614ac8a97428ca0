"""How long folds of large corpora take, and the search for near duplicates, beside the plain forms of both."""

import csv
import json
import lzma
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ecgssl_core.corpus.folds import _traits, make_folds
from ecgssl_core.corpus.groups import links
from ecgssl_core.corpus.near import CORRELATION, leads_of
from ecgssl_core.corpus.near_groups import near_groups
from ecgssl_core.corpus.pack import COLUMNS, MANIFEST, REFUSED, SIGNALS, TABLE, Pack, open_pack
from ecgssl_core.corpus.scp import with_snomed
from ecgssl_core.corpus.source import open_source
from ecgssl_core.corpus.stratify import stratify
from ecgssl_core.records.read import gather, read_records
from ecgssl_core.signals.resample import resample
from tests.conftest import CACHE, SHARED
from tests.corpus.test_stratify import plainly

ROWS = 21_799
COUNTS = (ROWS, 100_000)
AIMS_S = (5, 20)
NEAR = 20_000  # records of ten seconds; another number may be given on the command line
PLAIN = 10_000  # of them compared each with each
COPIES = 50


def main() -> None:
    """Print the seconds of folds and of the audit, ratios to their plain forms, and what the audit finds and misses."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else NEAR
    for count, aim in zip(COUNTS, AIMS_S, strict=True):
        with made_pack(labelled(count), np.zeros((4 * count, 12), dtype=np.int16)) as pack:
            whole, _ = timed(lambda: make_folds(pack, published=False))
            print(f"folds of {count:,} records              {whole:6.2f} s (aim {aim})")
            if count == ROWS:
                strata(_traits(pack, "cinc2020"), list(pack.table["key"]))
    near_duplicates(records)
    real_pairs()


def strata(traits: np.ndarray, names: list[str]) -> None:
    """Print how long the strata alone take, and the plain form of the same."""
    ours, fast = timed(lambda: stratify(traits, names, 10, 0))
    plain, slow = timed(lambda: plainly(traits, names, 10, 0))
    same = "the same folds" if (fast == slow).all() else "OTHER FOLDS"
    print(f"  strata alone {ours:.2f} s, plain form {plain:.2f} s, ratio {ours / plain:.3f}, {same}")


def near_duplicates(records: int) -> None:
    """Print how long the search takes among made-up ECGs, some of them disturbed copies, and what it finds."""
    signals, copies = made_signals(records)
    rows = [{"key": f"{at:07}", "samples": 1000} for at in range(records)]
    with made_pack(rows, signals) as pack:
        first, found = timed(lambda: near_groups(pack))
        again, _ = timed(lambda: near_groups(pack))
        pairs = {(group[0], row) for group in found for row in group[1:]}
        print(f"near duplicates among {records:,} records {first:6.2f} s, read from its file {again:.3f} s")
        print(f"  {len(pairs & copies)} of {len(copies)} disturbed copies found, {len(pairs - copies)} others")
        print(f"  most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB, with the pack's pages")
    few = min(PLAIN, records)
    with made_pack(rows[:few], signals[: few * 1000]) as pack:
        ours, groups = timed(lambda: near_groups(pack))
        plain, wanted = timed(lambda: each_with_each(pack))
        same = "the same" if {(group[0], row) for group in groups for row in group[1:]} == wanted else "OTHERS"
        print(f"  among {few:,}: {ours:.2f} s, each with each {plain:.2f} s, ratio {ours / plain:.3f}, {same}")


def real_pairs() -> None:
    """Print how many of the recordings of 2020 that are there twice are found without being told."""
    folder = CACHE / "cinc2020"
    if not folder.is_dir():
        return
    entries = open_source("cinc2020", folder, SHARED / "cinc2020_records.csv").entries
    keys = {entry.path.stem: entry.key for entry in entries}
    told = {tuple(sorted((entry.key, entry.same_signal))) for entry in entries if entry.same_signal in keys.values()}
    rows, signals = [], []
    for entry in entries:
        (record,) = read_records(gather([entry.path])[0]).records
        signals.append(np.rint(resample(record.signal, record.rate, 100).T * 1000).clip(-32767, 32767).astype(np.int16))
        rows.append({"key": entry.key, "samples": len(signals[-1])})
    with made_pack(rows, np.concatenate(signals)) as pack:
        names = pack.table["key"]
        ties = [rows for kind, rows in links(pack) if kind == "near"]
        found = {tuple(sorted((names[group[0]], names[row]))) for group in ties for row in group[1:]}
    print(f"of {len(told)} pairs marked same_signal among {len(entries)} records {len(found & told)} are found,")
    print(f"  and {len(found - told)} pairs that are not marked")


def labelled(count: int) -> list[dict[str, Any]]:
    """Give PTB-XL's records with their codes, and as many again under other patients' names as are asked for."""
    with lzma.open(SHARED / "ptbxl_labels.csv.xz", "rt") as file:
        lines = list(csv.DictReader(file))
    return [
        {
            "key": f"{at:07}",
            "patient": f"{at // len(lines)} {line['patient_id']}",
            "age": float(line["age"] or "nan"),
            "sex": ("male", "female")[int(line["sex"])],
            "codes": json.dumps(with_snomed(tuple(line["scp"].split("|")), "")),
            "samples": 4,
        }
        for at, line in ((at, lines[at % len(lines)]) for at in range(count))
    ]


def made_signals(records: int) -> tuple[np.ndarray, set[tuple[int, int]]]:
    """Give lead II of made-up hearts, (samples of all, 12) int16, and the pairs of a record and its disturbed copy."""
    chance = np.random.default_rng(0)
    signals = np.zeros((records * 1000, 12), dtype=np.int16)
    near = np.arange(-40, 41) / 100
    for at in range(records):
        beats = np.cumsum(chance.normal(60 / chance.uniform(45, 120), 0.03, 30))
        beats = np.rint(beats[beats < 9.99] * 100).astype(np.int64)
        train = np.zeros(1000)
        train[beats] = 1
        parts = (
            (chance.uniform(0.4, 2), 0.015, 0),
            (chance.normal(0, 0.3), 0.04, 0.03),
            (chance.normal(0.3, 0.2), 0.06, 0.28),
        )
        beat = sum(size * np.exp(-(((near - later) / width) ** 2) / 2) for size, width, later in parts)
        lead = np.convolve(train, beat, "same") + chance.normal(0, chance.uniform(0.005, 0.05), 1000)
        signals[at * 1000 : (at + 1) * 1000, 1] = np.rint(lead * 5000)
    chosen = chance.permutation(min(records, PLAIN))[: 2 * COPIES].reshape(2, COPIES)
    for of, copy in chosen.T:
        lead = signals[of * 1000 : (of + 1) * 1000, 1]
        signals[copy * 1000 : (copy + 1) * 1000, 1] = 0.8 * lead + chance.normal(0, 0.02 * lead.std(), 1000)
    return signals, {(int(min(pair)), int(max(pair))) for pair in chosen.T}


def each_with_each(pack: Pack) -> set[tuple[int, int]]:
    """Give the pairs above the limit by all correlations there are, a block at a time."""
    leads = leads_of(pack, np.arange(len(pack)))
    found = set()
    for begin in range(0, len(leads), 1000):
        rows, others = np.nonzero(leads[begin : begin + 1000] @ leads.T > CORRELATION)
        found |= {(begin + row, other) for row, other in zip(rows.tolist(), others.tolist(), strict=True)}
    return {pair for pair in found if pair[0] < pair[1]}


@contextmanager
def made_pack(records: list[dict[str, Any]], signals: np.ndarray) -> Iterator[Pack]:
    """Give a pack of these records, which is removed afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "pack"
        folder.mkdir()
        known = {"source": "made", "file_rate_hz": 500.0, "scale_mv": 0.001, "unknown_codes": "[]"}
        rows = [{**known, "sha256": f"hash of {record['key']}", **record} for record in records]
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        table["start"] = table["samples"].cumsum() - table["samples"]
        table["patient_known"] = table["patient"].notna()
        table.astype(COLUMNS).to_parquet(folder / TABLE, index=False)
        np.save(folder / SIGNALS, signals)
        (folder / REFUSED).write_text("key,kind,sentence\n")
        (folder / MANIFEST).write_text(
            json.dumps({"form": 1, "rate_hz": 100.0, "digest": "made", "source": "cinc2020"})
        )
        yield open_pack(folder)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Give the seconds of a processor that a call takes, all of it being on one, and what it gives."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


if __name__ == "__main__":
    main()
