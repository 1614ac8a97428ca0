"""Reading in a process of its own: whatever a file does to its reader, it does it there.

A process waits with the readers loaded; each set of files is read by a fork of it, without network, with little memory,
time and disk, in a private folder that is removed afterwards. Where the system has no fork, only the time is limited.
"""

import atexit
import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from .record import Reading, Refusal
from .wire import decode_reading

WALL_S = 30.0
MOST_REPLY = 1 << 31
WORKER = "ecgssl_core.records.sandbox_worker"
_REFERENCES = itertools.count(1)


class Sandbox:
    """The waiting process, started at the first use and again if it died; safe to share by threads.

    Args:
        wall_s: longest time for one set of files.
        misbehaviour: for tests: `die` or `hang` in place of reading.
        worker: the module that waits; it must be one of this program.
    """

    def __init__(self, wall_s: float = WALL_S, misbehaviour: str = "", worker: str = WORKER) -> None:
        self.wall_s, self.misbehaviour, self.worker = wall_s, misbehaviour, worker
        self.network_denied = False
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        atexit.register(self.close)

    def read(self, files: Mapping[str, bytes]) -> Reading:
        """Read a set of files.

        Args:
            files: content by name.

        Returns:
            Records and refusals; if the reader dies or takes too long, one refusal, CRASH or TIME.
        """
        first = min(files, default="")
        with tempfile.TemporaryDirectory(prefix="ecgwb-") as folder:
            try:
                sink, child = self.fork(folder)
                with sink:
                    return decode_reading(self._exchange(sink, child, files))
            except TimeoutError:
                sentence = f"Reading took longer than {self.wall_s:g} s and was stopped; give fewer or shorter files."
                return Reading((), (Refusal(first, "TIME", sentence),))
            except (OSError, EOFError, ValueError):
                return Reading((), (Refusal(first, "CRASH", crash_sentence()),))

    def close(self) -> None:
        """End the waiting process."""
        with self._lock:
            self._stop()

    def warm(self) -> None:
        """Start the waiting process, so that the first file need not wait for it."""
        with self._lock:
            self._running()

    def fork(self, folder: str) -> tuple[socket.socket, int]:
        """Start a reader: a fork of the waiting process.

        Args:
            folder: its private folder.

        Returns:
            The socket to the reader, and its process id.

        Raises:
            OSError, EOFError: the waiting process died; the next call starts it again.
        """
        mine, theirs = socket.socketpair()
        try:
            with theirs, self._lock:
                control = self._running()
                socket.send_fds(control, [folder.encode()], [theirs.fileno()])
                return mine, int.from_bytes(received(control, 8), "little")
        except (OSError, EOFError):
            mine.close()
            self.close()
            raise

    def _exchange(self, sink: socket.socket, child: int, files: Mapping[str, bytes]) -> bytes:
        until = time.monotonic() + self.wall_s
        try:
            sink.settimeout(self.wall_s)
            index = [[name, len(content)] for name, content in files.items()]
            sink.sendall(json.dumps(index).encode() + b"\n" + b"".join(files.values()))
            length = int.from_bytes(received(sink, 8, until), "little")
            if length > MOST_REPLY:
                raise ValueError("a reply longer than any reader's")
            return received(sink, length, until)
        finally:
            end_reader(child)  # one that answered has ended; one that did not must not live on

    def _running(self) -> socket.socket:
        if self._process is None or self._control is None or self._process.poll() is not None:
            self._stop()
            self._control, theirs = socket.socketpair()
            with theirs:
                environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1", "LANG": "C.UTF-8"}
                words = [str(theirs.fileno()), self.misbehaviour]
                self._process = subprocess.Popen(
                    [sys.executable, "-m", self.worker, *words],
                    pass_fds=[theirs.fileno()],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,  # a traceback may quote the file
                    start_new_session=True,
                )
            self.network_denied = received(self._control, 1) == b"1"
        return self._control

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None


_SHARED = Sandbox()


def read_isolated(files: Mapping[str, bytes]) -> Reading:
    """Read a set of files in a process of its own; the only way that pages, commands and packs read files."""
    return _SHARED.read(files)


def warm_up() -> None:
    """Start the process that waits for files."""
    _SHARED.warm()


def sandbox_limits() -> dict[str, bool]:
    """Give which limits hold for a reader on this system."""
    _SHARED.warm()
    posix = sys.platform == "linux"
    return {
        "own process": True,
        "time": True,
        "memory": posix,
        "disk": posix,
        "no network": _SHARED.network_denied,
    }


def crash_sentence() -> str:
    """Give what to tell when a reader died, with a number that is new each time."""
    return (
        "The reader for this format stopped unexpectedly; your other files are unaffected; "
        f"reference R-{next(_REFERENCES):04d}."
    )


def end_reader(child: int) -> None:
    """End a reader and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def received(source: socket.socket, length: int, until: float | None = None) -> bytes:
    """Give the next bytes of a socket.

    Args:
        source: the socket.
        length: how many bytes.
        until: when to give up, on the monotonic clock.

    Raises:
        TimeoutError: they did not come in time.
        EOFError: the other end closed before.
    """
    content = bytearray()
    while len(content) < length:
        if until is not None:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            source.settimeout(left)
        block = source.recv(min(length - len(content), 1 << 20))
        if not block:
            raise EOFError("the other end closed")
        content += block
    return bytes(content)
