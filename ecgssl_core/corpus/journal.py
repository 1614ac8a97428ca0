"""The unfinished pack beside its place: what is packed so far, kept so that a killed pack goes on where it was.

`<out>.part/` holds `lock`, `journal.jsonl` and `pack/signals.npy`. The samples of a group of records are synced to the
disk before the group's lines are written, so that every whole line of the journal speaks of samples that are there.
"""

import json
import os
from itertools import takewhile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import SIGNALS
from ecgssl_core.durable import replace_file
from ecgssl_core.errors import CorpusError
from ecgssl_core.signals.leads import LEADS

GROUP = 64
ROW_BYTES = 2 * len(LEADS)


class Journal:
    """Lines of the records handled so far, in order, and the file of their samples.

    Args:
        folder: `<out>.part`, which is there and held.
        identity: what is being packed, how; a journal of anything else is refused.

    Raises:
        CorpusError: the folder holds the beginning of another pack.
    """

    def __init__(self, folder: Path, identity: dict[str, Any]) -> None:
        self.pack = folder / "pack"
        self.pack.mkdir(exist_ok=True)
        self._path = folder / "journal.jsonl"
        self._waiting: list[dict[str, Any]] = []
        self.lines = self._replay(identity)
        self.samples = sum(line.get("samples", 0) for line in self.lines)
        text = "".join(json.dumps(line) + "\n" for line in [identity, *self.lines])
        replace_file(self._path, text.encode())
        self._journal = self._path.open("a", encoding="utf-8")
        self._signals = self._open_signals()

    def add(self, line: dict[str, Any], counts: NDArray[np.int16] | None) -> None:
        """Take down one record: its line, and its samples (samples, 12) if it was not refused."""
        if counts is not None:
            line = {**line, "start": self.samples}
            self._signals.write(counts.tobytes())
            self.samples += len(counts)
        self._waiting.append(line)
        if len(self._waiting) >= GROUP:
            self.sync()

    def sync(self) -> None:
        """Bring what was taken down to the disk, samples first."""
        _flush(self._signals)
        self._journal.write("".join(json.dumps(line) + "\n" for line in self._waiting))
        self._journal.flush()
        os.fsync(self._journal.fileno())
        self.lines += self._waiting
        self._waiting = []

    def finish(self) -> None:
        """Write the final length into the head of the samples' file."""
        self.sync()
        self._signals.seek(0)
        self._signals.write(_head(self.samples))
        _flush(self._signals)

    def close(self) -> None:
        """Let go of the files; what was not synced is packed again next time."""
        self._journal.close()
        self._signals.close()

    def _replay(self, identity: dict[str, Any]) -> list[dict[str, Any]]:
        text = self._path.read_text(encoding="utf-8") if self._path.exists() else ""
        whole = text[: text.rfind("\n") + 1].splitlines()  # a torn last line has no end
        if not whole:
            return []
        first, *lines = (json.loads(line) for line in whole)
        if first != identity:
            raise CorpusError(
                f"{self._path.parent.name} holds the beginning of a pack of something else; remove that folder, "
                "or choose another name for the pack."
            )
        path = self.pack / SIGNALS
        there = (path.stat().st_size - len(_head(0))) // ROW_BYTES if path.exists() else 0
        # a refused record has no samples, and nothing after lost samples may stay: the place of a line is its meaning
        return list(takewhile(lambda line: line.get("start", 0) + line.get("samples", 0) <= there, lines))

    def _open_signals(self) -> BinaryIO:
        path = self.pack / SIGNALS
        file = path.open("r+b" if path.exists() else "w+b")
        file.write(_head(0))
        file.truncate(len(_head(0)) + self.samples * ROW_BYTES)
        file.seek(0, os.SEEK_END)
        return file


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _head(samples: int) -> bytes:
    """Give the head of an .npy file of int16 (samples, leads): 128 bytes, whatever the number of samples."""
    text = f"{{'descr': '<i2', 'fortran_order': False, 'shape': ({samples}, {len(LEADS)}), }}"
    return b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + text.ljust(117).encode() + b"\n"
