"""Files that are never half written, and locks that vanish with the process that holds them."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ecgssl_core.errors import OwnFault, RunError

PATIENCE_S = 0.5


def replace_file(path: Path, data: bytes, sync: bool = True) -> None:
    """Put data at path in one move: whoever looks sees the old file or the new one, whole.

    Args:
        path: the file; its folder exists.
        data: everything it will hold.
        sync: also survive a loss of power, which costs milliseconds.

    Raises:
        OwnFault: the disk refused, for example because it is full; the old file stays.
    """
    aside: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        aside = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        aside.replace(path)
        if sync:
            sync_folder(path.parent)
    except OSError as error:
        if aside is not None:
            aside.unlink(missing_ok=True)
        raise OwnFault(f"{path.name} could not be written ({error.strerror}); free some disk space.") from error


def sync_folder(folder: Path) -> None:
    """Make what was created, moved or removed in the folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path, sentence: str, wait: bool = False) -> Iterator[None]:
    """Hold the lock file at path for the length of a with block; the kernel frees it when the process dies.

    Args:
        path: the lock file, made if it is not there.
        sentence: what to tell when somebody else holds it.
        wait: wait for as long as it takes, in place of giving up.

    Raises:
        RunError: somebody else holds the lock.
    """
    with path.open("ab") as file:
        deadline = time.monotonic() + PATIENCE_S
        while not _take(file.fileno(), fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB):
            # is_locked holds the lock for some microseconds: a single refusal proves nothing
            if time.monotonic() > deadline:
                raise RunError(sentence)
            time.sleep(0.02)
        yield


def is_locked(path: Path) -> bool:
    """Tell whether a living process holds the lock file at path."""
    try:
        with path.open("rb") as file:
            return not _take(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False


def _take(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        return False
    return True
