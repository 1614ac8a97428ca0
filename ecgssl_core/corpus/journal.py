"""The unfinished pack beside its place: what is packed so far, kept so that a killed pack goes on where it was.

`<out>.part/` holds `lock`, `journal.jsonl` and `pack/signals.npy`. The samples of a group of records are synced to the
disk before the group's lines are written, so that every whole line of the journal speaks of samples that are there.
Lines stay on the disk: memory does not grow with the corpus.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ecgssl_core.corpus.admit import Admitted
from ecgssl_core.corpus.pack import SIGNALS
from ecgssl_core.durable import replace_file
from ecgssl_core.errors import CorpusError

JOURNAL = "journal.jsonl"
GROUP = 512  # records that are synced together
GROUP_BYTES = 8 << 20

Line = dict[str, Any]  # `row` of the table, None if refused; `origin`


class Journal:
    """Lines of the records handled so far, in order, and the file of their samples.

    Args:
        folder: `<out>.part`, which is there and held.
        identity: what is being packed, how; a journal of anything else is refused. Its `leads` are the rows' width.
        is_next: whether a line is what packing would have at its place; nothing after the first other line stays.

    Raises:
        CorpusError: the folder holds the beginning of another pack.
    """

    def __init__(self, folder: Path, identity: dict[str, Any], is_next: Callable[[int, Line], bool]) -> None:
        self.pack = folder / "pack"
        self.pack.mkdir(exist_ok=True)
        self._leads = len(identity["leads"])
        self._path = folder / JOURNAL
        self._waiting: list[str] = []
        self._waiting_bytes = 0
        self.count = self.samples = 0
        end = self._replayed(identity, is_next)
        if end == 0:
            replace_file(self._path, json.dumps(identity).encode() + b"\n")
        else:
            os.truncate(self._path, end)
        self._journal = self._path.open("ab")
        self._signals = self._open_signals()

    def add(self, admitted: Admitted) -> None:
        """Take down one record: its line, and its samples if it was not refused."""
        row = admitted.row
        if row is not None:
            row = {**row, "start": self.samples}
            content = admitted.counts.astype("<i2", copy=False).tobytes()
            self._signals.write(content)
            self._waiting_bytes += len(content)
            self.samples += len(admitted.counts)
        self._waiting.append(json.dumps({"row": row, "origin": admitted.origin}) + "\n")
        self.count += 1
        if len(self._waiting) >= GROUP or self._waiting_bytes >= GROUP_BYTES:
            self.sync()

    def lines(self) -> Iterator[Line]:
        """Give the lines of all records synced so far, in order."""
        with self._path.open("rb") as file:
            next(file)
            yield from map(json.loads, file)

    def sync(self) -> None:
        """Bring what was taken down to the disk, samples first."""
        _flush(self._signals)
        self._journal.write("".join(self._waiting).encode())
        _flush(self._journal)
        self._waiting, self._waiting_bytes = [], 0

    def finish(self) -> None:
        """Write the final length into the head of the samples' file."""
        self.sync()
        self._signals.seek(0)
        self._signals.write(head(self.samples, self._leads))
        _flush(self._signals)

    def close(self) -> None:
        """Let go of the files; what was not synced is packed again next time."""
        self._journal.close()
        self._signals.close()

    def _replayed(self, identity: dict[str, Any], is_next: Callable[[int, Line], bool]) -> int:
        """Count the lines that stay, and give where they end in the journal; 0 where there is no journal."""
        if not self._path.exists():
            return 0
        path = self.pack / SIGNALS
        there = (path.stat().st_size - len(head(0, 1))) // (2 * self._leads) if path.exists() else 0
        with self._path.open("rb") as file:
            first = file.readline()
            if not first.endswith(b"\n"):
                return 0
            if json.loads(first) != identity:
                raise CorpusError(
                    f"{self._path.parent.name} holds the beginning of a pack of something else; remove that folder, "
                    "or choose another name for the pack."
                )
            end = len(first)
            for text in file:
                if not text.endswith(b"\n"):
                    break  # a torn last line has no end
                line = json.loads(text)
                row = line["row"] or {"start": self.samples, "samples": 0}
                # nothing after lost samples may stay: the place of a line is its meaning
                if row["start"] + row["samples"] > there or not is_next(self.count, line):
                    break
                self.samples += row["samples"]
                self.count += 1
                end += len(text)
        return end

    def _open_signals(self) -> BinaryIO:
        path = self.pack / SIGNALS
        file = path.open("r+b" if path.exists() else "w+b")
        file.write(head(0, self._leads))
        file.truncate(len(head(0, 1)) + self.samples * 2 * self._leads)
        file.seek(0, os.SEEK_END)
        return file


def head(samples: int, leads: int) -> bytes:
    """Give the head of an .npy file of int16 (samples, leads): 128 bytes, whatever the number of samples."""
    text = f"{{'descr': '<i2', 'fortran_order': False, 'shape': ({samples}, {leads}), }}"
    return b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + text.ljust(117).encode() + b"\n"


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
