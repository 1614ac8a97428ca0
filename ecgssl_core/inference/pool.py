"""Processes that answer requests: started at first use, replaced if they die, so shared that nobody waits long."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ecgssl_core.errors import BundleError, OwnFault

from .messages import Block, decode, receive, send

_LONGEST_REPLY = 1 << 28
_APART_S = 10.0
Answer = tuple[dict[str, Any], dict[str, Block]]


class Pool:
    """A few processes running one module; threads may share it.

    Slow requests leave one process to the fast ones, always.

    Args:
        module: what the processes run.
        processes: how many, at least 2.
    """

    def __init__(self, module: str, processes: int) -> None:
        self._servers = [Server(module) for _ in range(processes)]
        self._free = list(self._servers)
        self._change = threading.Condition()
        self._slow = threading.Semaphore(processes - 1)

    def warm(self) -> None:
        """Start a process and return at once; the others follow later, or as soon as they are asked.

        Each loads a lot: all at once, on few cores, the first answer would wait for the last of them.
        """
        first, *others = self._servers
        first.start()
        for place, server in enumerate(others, 1):
            later = threading.Timer(place * _APART_S, server.start)
            later.daemon = True
            later.start()

    def ask(self, asked: dict[str, Any], content: bytes, patience_s: float, *, slow: bool) -> Answer:
        """Give the answer to a request, from whichever process is free first.

        Raises:
            BundleError: the answer is a sentence on what is wrong with the request.
            OwnFault: the process died, or had no answer after patience_s.
        """
        with self._turn(slow) as server:
            tree, blocks = server.ask(json.dumps(asked).encode(), content, patience_s)
        if "error" in tree:
            raise BundleError(tree["error"])
        return tree, blocks

    def close(self) -> None:
        """End the processes; a later request starts them again."""
        for server in self._servers:
            server.close()

    @contextmanager
    def _turn(self, slow: bool) -> Iterator["Server"]:
        if slow:
            self._slow.acquire()
        with self._change:
            self._change.wait_for(lambda: self._free)
            server = next((one for one in self._free if one.runs()), self._free[0])
            self._free.remove(server)
        try:
            yield server
        finally:
            with self._change:
                self._free.append(server)
                self._change.notify()
            if slow:
                self._slow.release()


class Server:
    """One process of a pool; one thread at a time may ask it."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()

    def runs(self) -> bool:
        """Tell whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> "subprocess.Popen[bytes]":
        """Give the process, started if it is not running."""
        with self._starting:
            if self._process is None or self._process.poll() is not None:
                root = str(Path(__file__).parents[2])
                environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": root}
                self._process = subprocess.Popen(
                    [sys.executable, "-m", self._module],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True,
                )  # fmt: skip
            return self._process

    def ask(self, asked: bytes, content: bytes, patience_s: float) -> Answer:
        """Give the answer of the process.

        Raises:
            OwnFault: it died, or had no answer after patience_s.
        """
        process = self.start()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()
        watch = threading.Timer(patience_s, _stop, (process, late))
        watch.start()
        try:
            send(process.stdin, asked, content)
            return decode(receive(process.stdout, _LONGEST_REPLY), receive(process.stdout, _LONGEST_REPLY))
        except (EOFError, OSError, ValueError) as error:
            self.close()
            if late.is_set():
                sentence = f"This took longer than {patience_s:g} s and was stopped; try it with a shorter record."
            else:
                sentence = "The process that predicts stopped unexpectedly; try again."
            raise OwnFault(sentence) from error
        finally:
            watch.cancel()

    def close(self) -> None:
        """End the process."""
        with self._starting:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    _shut(stream)


def _stop(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    process.kill()


def _shut(stream: Any) -> None:
    try:
        stream.close()
    except OSError:  # what waited to be written has nobody to read it
        return
