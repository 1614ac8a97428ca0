"""A corpus from PhysioNet into a folder: every file that its list of sums names, several at a time."""

import queue
import re
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from ecgssl_core.corpus.fetch import SPARE_BYTES, Server, Unreachable, Wanted
from ecgssl_core.corpus.physionet import ROOT, Project
from ecgssl_core.durable import locked
from ecgssl_core.errors import CorpusError, OwnFault, nearest

SUMS = "SHA256SUMS.txt"
AT_ONCE = 4
MOST_LIST_BYTES = 256 << 20
_LINE = re.compile(r"([0-9a-f]{64}) [ *]?(.+)")  # PhysioNet writes one blank, `sha256sum` two
_UNSAFE = re.compile(r"[\\\x00-\x1f]|^/|(^|/)\.|//|:")  # leaves the folder, hides, or means a drive

Progress = Callable[[int, int, int], None]


@dataclass(frozen=True)
class Downloaded:
    """What a download did.

    Args:
        files: that are there and have the sum the server lists.
        fetched: of them those that were not there before.
        received: bytes that came over the network.
    """

    files: int
    fetched: int
    received: int


def download(
    project: Project,
    folder: Path,
    only: Sequence[str] = (),
    progress: Progress | None = None,
    root: str = ROOT,
    patience_s: float = 1.0,
) -> Downloaded:
    """Bring a corpus into a folder, or go on with one that was interrupted.

    Every file that is there is checked by its sum; one that is wrong comes again. A file stands at its place only when
    it is whole: what came of it so far lies beside it, hidden. Four files come at a time.

    Args:
        project: what to download.
        folder: where to; made if it is not there.
        only: folders of the project, such as `records100`; the files outside all folders come in any case.
        progress: called after each file with the numbers of files handled, of all, and of bytes received.
        root: address that projects are below.
        patience_s: the first wait after a failure.

    Raises:
        CorpusError: the server does not answer, or does not give some of the files, each of which was tried.
        OwnFault: the disk is full or refused.
        RunError: another process is downloading into the folder.
    """
    stop = threading.Event()
    address = f"{root.rstrip('/')}/{project.path}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OwnFault(f"The folder {folder.name} cannot be made ({error.strerror}).") from error
    with locked(folder / ".download", f"Another process is downloading into {folder.name}; wait until it ends."):
        server = Server(address, stop, patience_s)
        try:
            content = server.text(SUMS, MOST_LIST_BYTES)
        finally:
            server.close()
        wanted = _chosen(parse_sums(content), only)
        if not only:
            _check_room(project, folder)
        servers = [Server(address, stop, patience_s) for _ in range(min(AT_ONCE, len(wanted)))]
        return _all(servers, wanted, folder, stop, progress)


def parse_sums(content: bytes) -> list[Wanted]:
    """Give the files of a list of sums in the form of `sha256sum`, without the list itself.

    Raises:
        CorpusError: a line is no such line, or names a file that would lie outside the folder.
    """
    wanted = {}
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        found = _LINE.fullmatch(line)
        if found is None:
            raise CorpusError(f"{SUMS} of the server, line {number}: a sum and a name are expected; try again later.")
        name = found[2].removeprefix("./")
        if _UNSAFE.search(name) or len(name) > 1000:
            raise CorpusError(f"{SUMS} of the server, line {number}: the name leaves the folder; nothing was taken.")
        if name != SUMS:
            wanted[name] = Wanted(name, found[1])
    if not wanted:
        raise CorpusError(f"{SUMS} of the server lists no file.")
    return list(wanted.values())


def _chosen(wanted: list[Wanted], only: Sequence[str]) -> list[Wanted]:
    folders = sorted({file.name.partition("/")[0] for file in wanted if "/" in file.name})
    prefixes = tuple(f"{name.strip('/')}/" for name in only)
    for prefix in prefixes:
        if not any(file.name.startswith(prefix) for file in wanted):
            raise CorpusError(f"The corpus has no folder {prefix[:-1]!r}: {nearest(prefix[:-1], folders)}")
    return [file for file in wanted if not prefixes or "/" not in file.name or file.name.startswith(prefixes)]


def _check_room(project: Project, folder: Path) -> None:
    there = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    needed = project.gigabytes * 1e9 - there + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if needed > free:
        told = f"{project.name} takes about {needed / 1e9:.1f} GB more, and the disk has {free / 1e9:.1f} GB"
        raise OwnFault(f"{told}; free some space, or choose another folder.")


def _all(
    servers: list[Server], wanted: list[Wanted], folder: Path, stop: threading.Event, progress: Progress | None
) -> Downloaded:
    """Have every file brought, and tell of each; one that fails holds up no other, a server or disk that fails does."""
    idle: queue.SimpleQueue[Server] = queue.SimpleQueue()
    for server in servers:
        idle.put(server)

    def bring(file: Wanted) -> int:
        server = idle.get()
        try:
            return server.fetch(file, folder)
        finally:
            idle.put(server)

    failed: list[CorpusError] = []
    fetched = received = 0
    with ThreadPoolExecutor(len(servers)) as pool:
        try:
            for done, future in enumerate(as_completed([pool.submit(bring, file) for file in wanted]), start=1):
                try:
                    came = future.result()
                except (Unreachable, OwnFault):
                    raise
                except CorpusError as error:
                    failed.append(error)
                    came = 0
                fetched, received = fetched + (came > 0), received + came
                if progress is not None:
                    progress(done, len(wanted), received)
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)
            for server in servers:
                server.close()
    if failed:
        raise CorpusError(f"{len(failed)} of {len(wanted)} files did not come; the first: {failed[0]}")
    return Downloaded(len(wanted), fetched, received)
