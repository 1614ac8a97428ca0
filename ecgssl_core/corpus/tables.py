"""The tables of a finished pack, written from its journal a batch at a time."""

import csv
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import scipy

from ecgssl_core import __version__
from ecgssl_core.corpus.journal import Journal, Line
from ecgssl_core.corpus.origins import BATCH, ORIGINS, SCHEMA
from ecgssl_core.corpus.pack import COLUMNS, MANIFEST, REFUSED, SIGNALS, SURVEY, TABLE
from ecgssl_core.corpus.tally import Tally
from ecgssl_core.durable import replace_file

VERSIONS = {"ecgssl": __version__, "numpy": np.__version__, "scipy": scipy.__version__}


def write_tables(journal: Journal, identity: dict[str, Any]) -> None:
    """Write table, origins, refusals, survey and manifest of a pack whose samples are all there; the manifest last."""
    folder, tally, digests, refused = journal.pack, Tally(), _Digests(identity), 0
    for left_over in folder.iterdir():  # by a process that was killed here
        if left_over.name != SIGNALS:
            left_over.unlink()
    rows, origins = _Parquet(folder / TABLE, row_schema()), _Parquet(folder / ORIGINS, SCHEMA)
    with (folder / REFUSED).open("w", newline="", encoding="utf-8") as text, rows, origins:
        writer = csv.DictWriter(text, ["key", "kind", "sentence"], extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for batch in _batches(journal.lines()):
            packed = [line["row"] for line in batch if line["row"] is not None]
            rows.write(row_table(packed))
            origins.write(pa.Table.from_pylist([line["origin"] for line in batch], SCHEMA))
            left_out = [line["origin"] for line in batch if line["row"] is None]
            writer.writerows(left_out)
            refused += len(left_out)
            for line in batch:
                tally.add(line["origin"])
                digests.add(line)
    _sync(folder / REFUSED)
    manifest = {
        **identity,
        "entries": digests.entries.hexdigest(),
        "records": journal.count - refused,
        "refused": refused,
        "samples": journal.samples,
        "digest": digests.records.hexdigest(),
        "versions": VERSIONS,
    }
    replace_file(folder / SURVEY, json.dumps(tally.tree(), indent=1, ensure_ascii=False).encode())
    replace_file(folder / MANIFEST, json.dumps(manifest, indent=1).encode())


class _Digests:
    """The pack's digest, over rate, leads and each record's key and hash; and one over what was known of all."""

    def __init__(self, identity: dict[str, Any]) -> None:
        self.records = hashlib.sha256(f"{identity['rate_hz']:g}\n{' '.join(identity['leads'])}\n".encode())
        self.entries = hashlib.sha256()

    def add(self, line: Line) -> None:
        row, origin = line["row"], line["origin"]
        self.entries.update(f"{origin['key']}\t{origin['entry']}\n".encode())
        if row is not None:
            self.records.update(f"{row['key']}\t{row['sha256']}\n".encode())


class _Parquet:
    """A Parquet file that batches are appended to, synced to the disk at the end."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path, self._schema = path, schema

    def __enter__(self) -> None:
        self._writer = pq.ParquetWriter(self._path, self._schema)

    def __exit__(self, *_: object) -> None:
        self._writer.close()
        _sync(self._path)

    def write(self, table: pa.Table) -> None:
        if len(table):
            self._writer.write_table(table)


def row_table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Give rows of the table as they are stored."""
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS)).astype(COLUMNS)
    return pa.Table.from_pandas(frame, row_schema(), preserve_index=False)


def row_schema() -> pa.Schema:
    """Give the columns of the table as they are stored, with what pandas needs to know of them."""
    empty = pd.DataFrame([], columns=list(COLUMNS)).astype(COLUMNS)
    return pa.Table.from_pandas(empty, preserve_index=False).schema


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while batch := list(islice(lines, BATCH)):
        yield batch


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
