"""Where the records of a pack came from: a line for each record of the corpus, with its files by hash."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ecgssl_core.corpus.entry import Entry
from ecgssl_core.errors import CorpusError

ORIGINS = "origins.parquet"
SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("source", pa.string()),
        ("entry", pa.string()),  # digest of what was known about the record before it was read
        ("files", pa.string()),  # JSON list: name, bytes and SHA-256 of each file that it came from
        ("kind", pa.string()),  # of its refusal; empty where it was packed
        ("sentence", pa.string()),
        ("format", pa.string()),
        ("rate_hz", pa.float64()),
        ("seconds", pa.float64()),
        ("leads", pa.string()),  # JSON list, as the file has them
        ("units", pa.string()),  # who says them: file, user or guessed
        ("span_mv", pa.float64()),
        ("quality", pa.string()),  # good, warn or bad; empty where it was not looked at
        ("marks", pa.string()),  # JSON list of the sentences behind it
    ]
)
BATCH = 4096


def entry_digest(entry: Entry) -> str:
    """Give a digest of what is known about a record before it is read; where it changes, the record is packed anew.

    What has its default is left out, so that a field that a later version adds changes nothing for those without it.
    """
    known = {field.name: getattr(entry, field.name) for field in fields(entry)}
    told = {name: value for name, value in known.items() if value is not None and value != () and name != "path"}
    text = json.dumps([entry.path.name, told], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Give the rows of a Parquet file one by one, a batch of them in memory.

    Raises:
        CorpusError: the file is damaged.
    """
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(BATCH):
                yield from batch.to_pylist()
    except (OSError, ValueError) as error:
        raise CorpusError(
            f"The pack {path.parent.name} is damaged ({path.name}); make it again with `pack`."
        ) from error
