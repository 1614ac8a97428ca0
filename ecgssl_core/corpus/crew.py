"""Reading records for a pack on all cores: each thread has a reading process, and the answers come in order."""

import hashlib
import socket
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from ecgssl_core.cores import usable_cores
from ecgssl_core.corpus.pack_wire import LENGTH, MOST_JSON, decode_answer, encode_question
from ecgssl_core.corpus.pack_worker import RECORDS, SMALL_BYTES
from ecgssl_core.corpus.ready import NOTHING, Counts, Facts, Form
from ecgssl_core.records.read import gather
from ecgssl_core.records.sandbox import WALL_S, Sandbox, end_reader, received

WORKER = "ecgssl_core.corpus.pack_worker"
MOST_READERS = 12  # each takes some 40 MB, and a pack promises to stay below 1 GB
MOST_ANSWER = 1 << 29
AHEAD = 8  # records that each thread may be ahead of the slowest
BY_CHANCE = ("TIME", "CRASH")  # a busy machine must not decide what is packed: such a record has a second try
# without a number, unlike for a single file: the same records give the same bytes
_CRASH = "The reader for this format stopped unexpectedly; the other records are unaffected."

One = TypeVar("One")
Other = TypeVar("Other")
Files = tuple[tuple[str, int, str], ...]  # name, bytes and SHA-256 of each


@dataclass(frozen=True, eq=False)
class Taken:
    """What one record's files gave: facts, counts (samples, leads) and the files themselves by hash."""

    facts: Facts
    counts: Counts
    files: Files


_SHARED = Sandbox(worker=WORKER)  # starting takes a second or two; it then waits for the next packing or survey


class Crew:
    """Threads and reading processes, to be used in a with block.

    Args:
        readers: how many; as many as there are cores, and one more, which works while another waits for its files.
        wall_s: longest time for one record.
        misbehaviour: for tests: `die` or `hang` in place of reading.
    """

    def __init__(self, readers: int | None = None, wall_s: float = WALL_S, misbehaviour: str = "") -> None:
        self.readers = readers or min(usable_cores() + 1, MOST_READERS)
        self._wall_s = wall_s
        self._shared = wall_s == WALL_S and not misbehaviour
        self._sandbox = _SHARED if self._shared else Sandbox(wall_s, misbehaviour, WORKER)
        self._own = threading.local()
        self._all: list[_Reader] = []
        self._large = threading.Lock()  # only one large record at a time, for the sake of memory
        self._threads = ThreadPoolExecutor(self.readers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        for reader in self._all:
            reader.close()
        if not self._shared:
            self._sandbox.close()

    def in_order(self, work: Callable[[One], Other], things: Iterable[One]) -> Iterator[Other]:
        """Give what becomes of each thing, in order; a few are worked on ahead, so that memory stays bounded."""
        waiting: deque[Future[Other]] = deque()
        for thing in things:
            waiting.append(self._threads.submit(work, thing))
            if len(waiting) > AHEAD * self.readers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def take(self, path: Path, form: Form) -> Taken:
        """Read one record, with the files that belong to it, in this thread's process."""
        content, refused = gather([path])
        files = hashed(content)
        if refused:
            return Taken(Facts(refused[0].kind, refused[0].sentence), NOTHING, files)
        facts, counts = self._asked(form, content)
        if facts.kind in BY_CHANCE:
            facts, counts = self._asked(form, content)
        return Taken(facts, counts, files)

    def _asked(self, form: Form, content: dict[str, bytes]) -> tuple[Facts, Counts]:
        if not hasattr(self._own, "reader"):
            self._own.reader = _Reader(self._sandbox, self._wall_s)
            self._all.append(self._own.reader)
        reader: _Reader = self._own.reader
        if sum(map(len, content.values())) <= SMALL_BYTES:
            return reader.ask(form, content)
        with self._large:
            return reader.ask(form, content)


class _Reader:
    """One reading process after another, each for some hundred records."""

    def __init__(self, sandbox: Sandbox, wall_s: float) -> None:
        self._sandbox, self._wall_s = sandbox, wall_s
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._sink: socket.socket | None = None
        self._child = self._asked = 0

    def ask(self, form: Form, content: dict[str, bytes]) -> tuple[Facts, Counts]:
        try:
            sink = self._running()
            until = time.monotonic() + self._wall_s
            sink.settimeout(self._wall_s)
            sink.sendall(encode_question(form, content))
            for part in content.values():
                sink.sendall(part)
            length = int.from_bytes(received(sink, LENGTH, until), "little")
            if length > MOST_ANSWER + MOST_JSON:
                raise ValueError("an answer longer than any reader's")
            return decode_answer(received(sink, length, until), form)
        except TimeoutError:
            self.close()
            told = f"Reading took longer than {self._wall_s:g} s and was stopped; divide the recording."
            return Facts("TIME", told), NOTHING
        except (OSError, EOFError, ValueError):
            self.close()
            return Facts("CRASH", _CRASH), NOTHING

    def close(self) -> None:
        if self._sink is not None:
            end_reader(self._child)  # before its socket closes: a process that ended gives its number away
            self._sink.close()
        if self._folder is not None:
            self._folder.cleanup()
        self._sink = self._folder = None

    def _running(self) -> socket.socket:
        if self._sink is None or self._asked >= RECORDS:
            self.close()
            self._folder = tempfile.TemporaryDirectory(prefix="ecgwb-")
            self._sink, self._child = self._sandbox.fork(self._folder.name)
            self._asked = 0
        self._asked += 1
        return self._sink


def hashed(content: dict[str, bytes]) -> Files:
    """Give name, length and SHA-256 of each file, by name."""
    return tuple((name, len(part), hashlib.sha256(part).hexdigest()) for name, part in sorted(content.items()))
