"""Files from a server to the disk, each gone on with where it stopped, checked by its sum, and whole or not there."""

import hashlib
import http.client
import re
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

from ecgssl_core import __version__
from ecgssl_core.errors import CorpusError, OwnFault

SPARE_BYTES = 256 << 20  # of a disk, which nothing takes
TRIES = 6  # in a row that bring nothing new
LONGEST_WAIT_S = 60.0
_CHUNK = 1 << 18
_TIMEOUT_S = 60.0
_BUSY = (408, 425, 429, 500, 502, 503, 504)
_RANGE = re.compile(r"bytes (\d+)-")

Given = TypeVar("Given")


class Unreachable(CorpusError):
    """The server does not answer: other files will fare no better."""


class _Later(Exception):
    """A transfer ended early or was put off; what came of it is kept."""

    def __init__(self, reason: str, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


@dataclass(frozen=True)
class Wanted:
    """A file as the server lists it: its way below the project, with `/`, and its SHA-256 in hexadecimal digits."""

    name: str
    digest: str


class Server:
    """One connection, kept for many files; one thread uses it.

    Args:
        address: what every name is below, http or https.
        stop: once set, waiting and copying end.
        patience_s: the first wait after a failure; each further one is twice as long.
    """

    def __init__(self, address: str, stop: threading.Event, patience_s: float) -> None:
        self._address = urlsplit(address)
        if self._address.scheme not in ("http", "https") or not self._address.hostname:
            raise CorpusError("The address to download from begins with https:// and names a server.")
        self._stop, self._patience_s = stop, patience_s
        self._connection: http.client.HTTPConnection | None = None
        self._received = 0

    def text(self, name: str, most_bytes: int) -> bytes:
        """Give a small file.

        Raises:
            CorpusError: it is not there, too large, or the server does not answer.
        """

        def attempt() -> bytes:
            with self._answer(name, 0) as answer:
                content = answer.read(most_bytes + 1)
                if len(content) > most_bytes:
                    raise CorpusError(f"{name} on the server is larger than {most_bytes >> 20} MiB; nothing was taken.")
                if answer.length:
                    raise _Later("the transfer ended early")
                return content

        return self._patiently(name, attempt)

    def fetch(self, wanted: Wanted, folder: Path) -> int:
        """Bring a file to its place below a folder, and give how many bytes came; one that is there whole stays.

        Raises:
            CorpusError: the server does not have it, has something else, or does not answer.
            OwnFault: the disk refused, or is full.
        """
        path = folder / wanted.name
        part = path.with_name(f".{path.name}.part")
        before = self._received
        with _disk(wanted.name):
            if path.is_file() and _digest(path) == wanted.digest:
                return 0
            path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(2):  # what was gone on with may have begun as another version of the file
            self._patiently(wanted.name, lambda: self._go_on(wanted.name, part))
            with _disk(wanted.name):
                if _digest(part) == wanted.digest:
                    part.replace(path)
                    return self._received - before
                part.unlink()
        raise CorpusError(f"{wanted.name} came twice with another sum than the server lists; try again another day.")

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _go_on(self, name: str, part: Path) -> None:
        have = part.stat().st_size if part.exists() else 0
        with self._answer(name, have) as answer:
            if answer.status == 416:  # there is nothing after what came already; its sum tells whether it is right
                answer.read()
                return
            if answer.status == 206:
                begin = _RANGE.match(answer.headers.get("Content-Range", ""))
                if begin is None or int(begin[1]) != have:
                    part.unlink(missing_ok=True)
                    raise _Later("the server answered with another part of the file")
            with _disk(name), part.open("ab" if answer.status == 206 else "wb") as file:
                _check_room(name, part, answer.length or 0)
                self._copy(name, answer, file)
            if answer.length:
                raise _Later("the transfer ended early")

    def _copy(self, name: str, answer: http.client.HTTPResponse, file: BinaryIO) -> None:
        while True:
            try:
                chunk = answer.read(_CHUNK)
            except OSError as error:  # of the network, not of the disk
                raise _Later("the connection broke off") from error
            if not chunk:
                return
            file.write(chunk)
            self._received += len(chunk)
            if self._stop.is_set():
                raise Unreachable(f"The download was stopped at {name}; run the same again to go on.")

    def _patiently(self, name: str, attempt: Callable[[], Given]) -> Given:
        """Give what an attempt gives; try again where it ends early, waiting longer while nothing new comes."""
        failures = 0
        while True:
            before = self._received
            try:
                return attempt()
            except (_Later, OSError, http.client.HTTPException) as error:
                self.close()
                failures = 1 if self._received > before else failures + 1
                if failures >= TRIES or self._stop.is_set():
                    why = str(error) if isinstance(error, _Later) else "it cannot be reached: check the network"
                    told = f"{self._address.hostname} does not give {name} ({why})"
                    raise Unreachable(f"{told}; run the same again to go on.") from error
                wait = self._patience_s * 2 ** (failures - 1)
                self._stop.wait(min(max(wait, error.wait_s if isinstance(error, _Later) else 0), LONGEST_WAIT_S))

    @contextmanager
    def _answer(self, name: str, begin: int) -> Iterator[http.client.HTTPResponse]:
        """Ask for a file from a byte on; a connection whose answer was not read to its end is not used again."""
        connection = self._connection = self._connection or self._connected()
        headers = {"User-Agent": f"ecgssl/{__version__}", "Accept-Encoding": "identity"}
        if begin:
            headers["Range"] = f"bytes={begin}-"
        connection.request("GET", f"{self._address.path.rstrip('/')}/{quote(name)}", headers=headers)
        answer = connection.getresponse()
        try:
            if answer.status in _BUSY:
                again = answer.headers.get("Retry-After", "")
                raise _Later(f"busy, {answer.status}", float(again) if again.isdecimal() else 0.0)
            if answer.status not in ((200, 206, 416) if begin else (200,)):
                raise CorpusError(f"{name} is not to be had from {self._address.hostname} (answer {answer.status}).")
            yield answer
        finally:
            if not answer.isclosed():
                self.close()

    def _connected(self) -> http.client.HTTPConnection:
        host, port, secure = self._address.hostname or "", self._address.port, self._address.scheme == "https"
        proxy = None if proxy_bypass(host) else getproxies().get(self._address.scheme)
        if proxy and secure:  # the proxy passes on bytes and sees none of them
            through = urlsplit(proxy)
            tunnel = http.client.HTTPSConnection(
                through.hostname or "", through.port, timeout=_TIMEOUT_S, context=ssl.create_default_context()
            )
            tunnel.set_tunnel(host, port or 443)
            return tunnel
        if secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=_TIMEOUT_S, context=context)
        return http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)


@contextmanager
def _disk(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        told = f"{name} could not be written ({error.strerror or 'unknown fault'})"
        raise OwnFault(f"{told}; what is there is kept, run the same again.") from error


def _check_room(name: str, part: Path, needed: int) -> None:
    free = shutil.disk_usage(part.parent).free - SPARE_BYTES
    if needed > free:
        raise OwnFault(f"The disk has no room for {name}, {needed / 1e6:.0f} MB; free some and run the same again.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
