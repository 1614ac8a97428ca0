"""A large pack made of the records of a small one, over and over."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from ecgssl_core.corpus.journal import head
from ecgssl_core.corpus.pack import MANIFEST, REFUSED, SIGNALS, TABLE, Pack
from ecgssl_core.corpus.tables import row_schema, row_table

SECONDS = 10
BATCH = 10_000


def write_tiled(pack: Pack, folder: Path, records: int, sparse: bool = False) -> Path:
    """Write a pack of as many records as are asked for, each of ten seconds, and give its folder.

    Args:
        pack: whose records of at least ten seconds are repeated.
        folder: which is made.
        records: how many.
        sparse: leave the samples out: a file of zeros that takes no disk.
    """
    folder.mkdir()
    length = round(SECONDS * pack.rate)
    rows = np.flatnonzero(pack.lengths >= length)
    known = pack.table.iloc[rows].to_dict("records")
    with (folder / SIGNALS).open("wb") as file:
        file.write(head(records * length, len(pack.leads)))
        if sparse:
            file.truncate(128 + 2 * len(pack.leads) * records * length)
        else:
            starts = pack.table["start"].to_numpy()[rows]
            block = np.concatenate([pack.signals[start : start + length] for start in starts])
            for first in range(0, records, len(rows)):
                file.write(block[: length * min(len(rows), records - first)].tobytes())
    with pq.ParquetWriter(folder / TABLE, row_schema()) as writer:
        for first in range(0, records, BATCH):
            made = (
                {**known[at % len(rows)], "key": f"tile/{at:07d}", "start": at * length, "samples": length}
                for at in range(first, min(first + BATCH, records))
            )
            writer.write_table(row_table(made))
    (folder / REFUSED).write_text("key,kind,sentence\n")
    (folder / MANIFEST).write_text(json.dumps({**pack.manifest, "records": records, "samples": records * length}))
    return folder
