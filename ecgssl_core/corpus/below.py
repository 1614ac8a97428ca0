"""Files below a folder: all of them by name, or a few of them, found without going through the rest."""

import itertools
import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_ENTRIES, _FOLDERS = 256, 64  # looked at in a folder, and folders, where a few files must tell what the others are


def files_below(folder: Path) -> Iterator[Path]:
    """Give every file below a folder; names that begin with a dot, and links, are left out."""
    for way, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(way, name)
            if not name.startswith(".") and not path.is_symlink():
                yield path


def some_files(folder: Path) -> list[Path]:
    """Give a few files below a folder, the nearest first, however many there are in all."""
    found: list[Path] = []
    waiting = deque([folder])
    for _ in range(_FOLDERS):
        if not waiting:
            break
        with suppress(OSError), os.scandir(waiting.popleft()) as entries:
            for entry in sorted(itertools.islice(entries, _ENTRIES), key=lambda entry: entry.name):
                if not entry.name.startswith(".") and not entry.is_symlink():
                    (waiting if entry.is_dir() else found).append(Path(entry.path))
    return found


def headers_of(paths: Iterable[Path]) -> list[Path]:
    """Give the WFDB headers among files."""
    return [path for path in paths if path.suffix == ".hea"]


def head_of(path: Path, most: int) -> bytes:
    """Give the first bytes of a file; none where it cannot be read, which is said when its record is read."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        return b""


def key_of(path: Path, folder: Path) -> str:
    """Give the key of a record's file: its path below the corpus folder, without suffix."""
    return path.relative_to(folder).with_suffix("").as_posix()


def headers_below(folder: Path) -> list[Path]:
    """List the WFDB headers below a folder, by key."""
    return sorted(headers_of(files_below(folder)), key=lambda path: key_of(path, folder))
