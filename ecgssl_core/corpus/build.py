"""Making a pack: every record of a corpus is read, converted and appended; broken ones are listed, the rest goes on."""

import csv
import hashlib
import io
import json
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy

from ecgssl_core import __version__
from ecgssl_core.corpus.admit import Admitted, admit
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.journal import Journal
from ecgssl_core.corpus.pack import COLUMNS, FORM, MANIFEST, REFUSED, TABLE, Pack, open_pack
from ecgssl_core.corpus.source import Source
from ecgssl_core.durable import locked, replace_file, sync_folder
from ecgssl_core.errors import CorpusError, OwnFault
from ecgssl_core.records.record import Refusal
from ecgssl_core.signals.leads import LEADS

READERS = 2  # each waits for a process that reads; more only help where there are more cores


def build_pack(
    source: Source, out: Path, rate: float = 100.0, progress: Callable[[int, int], None] | None = None
) -> Pack:
    """Make a pack of a corpus, or go on with one that was interrupted; a finished one of the same is only opened.

    Nothing appears at `out` before it is whole. The same records give the same bytes, interrupted or not.

    Args:
        source: the corpus.
        out: folder of the pack, which must not exist yet.
        rate: samples a second to which every record is brought.
        progress: called after each record with the numbers of records handled, and of all.

    Raises:
        CorpusError: out holds something else, or no record at all could be packed.
        RunError: another process is packing into it.
        OwnFault: the disk failed or is full; the same call goes on where it stopped.
    """
    identity = {"form": FORM, "rate_hz": float(rate), "leads": list(LEADS), "entries": source.digest}
    out = out.resolve()
    aside = out.with_name(f"{out.name}.part")
    try:
        if out.exists():
            return _finished(out, identity)
        aside.mkdir(parents=True, exist_ok=True)
        with locked(aside / "lock", f"{out.name} is being packed by another process; wait until it ends."):
            _fill(aside, source, identity, progress)
            (aside / "pack").replace(out)
            sync_folder(out.parent)
        shutil.rmtree(aside)
    except OSError as error:
        told = f"Packing into {out.name} stopped ({error.strerror or 'unknown fault'})"
        raise OwnFault(f"{told}; what is packed so far is kept, run the same again.") from error
    return open_pack(out)


def _finished(out: Path, identity: dict[str, Any]) -> Pack:
    if not (out / MANIFEST).is_file():
        raise CorpusError(f"{out.name} is there already and is no pack; choose another name for the pack.")
    pack = open_pack(out)
    if any(pack.manifest.get(key) != value for key, value in identity.items()):
        raise CorpusError(f"{out.name} is a pack of something else already; remove it, or choose another name.")
    return pack


def _fill(aside: Path, source: Source, identity: dict[str, Any], progress: Callable[[int, int], None] | None) -> None:
    journal = Journal(aside, identity)
    try:
        total, done = len(source.entries), len(journal.lines)
        for result in _in_order(source.entries[done:], float(identity["rate_hz"])):
            if isinstance(result, Refusal):
                journal.add({"key": result.name, "kind": result.kind, "sentence": result.sentence}, None)
            else:
                journal.add(result.row, result.counts)
            done += 1
            if progress is not None:
                progress(done, total)
        journal.finish()
    finally:
        journal.close()
    _write_tables(journal, source, identity)


def _in_order(entries: Sequence[Entry], rate: float) -> Iterator[Admitted | Refusal]:
    """Give what becomes of each entry, in order; a few are read ahead, so that memory does not grow with the corpus."""
    waiting: deque[Future[Admitted | Refusal]] = deque()
    with ThreadPoolExecutor(READERS) as pool:
        for entry in entries:
            waiting.append(pool.submit(admit, entry, rate))
            if len(waiting) > 2 * READERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _write_tables(journal: Journal, source: Source, identity: dict[str, Any]) -> None:
    rows = [line for line in journal.lines if "kind" not in line]
    refused = [line for line in journal.lines if "kind" in line]
    if not rows:
        first = refused[0]
        shutil.rmtree(journal.pack.parent)
        raise CorpusError(f"None of the {len(refused)} records could be packed; {first['key']}: {first['sentence']}")
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    lines = io.StringIO()
    writer = csv.DictWriter(lines, ["key", "kind", "sentence"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(refused)
    manifest = {
        **identity,
        "source": source.name,
        "folder": source.folder.name,
        "records": len(rows),
        "refused": len(refused),
        "samples": journal.samples,
        "digest": _digest(identity, table),
        "versions": {"ecgssl": __version__, "numpy": np.__version__, "scipy": scipy.__version__},
    }
    replace_file(journal.pack / TABLE, table.to_parquet(index=False))
    replace_file(journal.pack / REFUSED, lines.getvalue().encode())
    replace_file(journal.pack / MANIFEST, json.dumps(manifest, indent=1).encode())


def _digest(identity: dict[str, Any], table: pd.DataFrame) -> str:
    digest = hashlib.sha256(f"{identity['rate_hz']:g}\n{' '.join(identity['leads'])}\n".encode())
    for key, record in zip(table["key"], table["sha256"], strict=True):
        digest.update(f"{key}\t{record}\n".encode())
    return digest.hexdigest()
