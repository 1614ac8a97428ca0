"""The one door for files: a set of them in any order, to records and refusals, each refusal a sentence."""

import pkgutil
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from ecgssl_core.errors import BrokenFile, EmptyFile, LimitError, PartialFile, RecordError, UnknownFormat, UnsafeFile

from . import readers
from .archive import is_archive, members
from .record import Reading, Record, Refusal

READERS = [import_module(f"{readers.__name__}.{found.name}") for found in pkgutil.iter_modules(readers.__path__)]
MOST_BYTES = 64 << 20
_SIGNALS = (".mat", ".dat")


def read_records(files: Mapping[str, bytes]) -> Reading:
    """Read whatever ECGs a set of files holds; the order and the endings of their names do not matter.

    Args:
        files: content by name; zips are looked into.

    Returns:
        The records, and a refusal for every file that gave none.
    """
    plain, refused = _unpacked(files)
    records: list[Record] = []
    used: set[str] = set()
    for name, content in sorted(plain.items()):
        reader = next((reader for reader in READERS if reader.takes(name, content)), None)
        if reader is None:
            continue
        used.add(name)
        try:
            _check(name, content)
            used |= set(reader.needs(name, content))
            records.append(reader.read(name, plain))
        except RecordError as error:
            refused.append(_refusal(error))
    for name in sorted(plain.keys() - used):
        refused.append(_refusal(_unread(name, plain[name])))
    return Reading(tuple(records), tuple(refused))


def gather(paths: Sequence[Path]) -> tuple[dict[str, bytes], tuple[Refusal, ...]]:
    """Give the content of files; a `.hea` brings the signal files that lie beside it, a signal file its `.hea`.

    Returns:
        Content by name, and a refusal for each file that cannot be taken.
    """
    files: dict[str, bytes] = {}
    refused: list[Refusal] = []
    waiting = [(path, True) for path in paths]
    for path, named in waiting:
        if path.name in files:
            continue
        try:
            files[path.name] = _content(path, named)
        except RecordError as error:
            refused.append(_refusal(error))
            continue
        waiting += [(path.with_name(other), False) for other in _company(path, files[path.name])]
    return files, tuple(refused)


def _content(path: Path, named: bool) -> bytes:
    if not path.is_file():
        raise EmptyFile(path.name, "There is no such file; check its name.")
    if path.is_symlink() and not named:
        raise UnsafeFile(path.name, "The signal file is a link to another place; nothing was opened.")
    if path.stat().st_size > MOST_BYTES:
        raise LimitError(path.name, "The file is larger than 64 MiB; pack long recordings from a data folder instead.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise BrokenFile(path.name, "The file cannot be read from disk; check its permissions.") from error


def _company(path: Path, content: bytes) -> list[str]:
    """Give the files that belong to one and lie beside it; nothing beyond its folder is looked at."""
    if path.suffix in _SIGNALS:
        return [path.with_suffix(".hea").name] if path.with_suffix(".hea").is_file() else []
    for reader in READERS:
        if reader.takes(path.name, content):
            try:
                return [name for name in reader.needs(path.name, content) if (path.parent / name).exists()]
            except RecordError:
                return []  # its sentence comes when the set is read
    return []


def _unpacked(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[Refusal]]:
    plain: dict[str, bytes] = {}
    refused: list[Refusal] = []
    for name, content in files.items():
        try:
            found = members(name, content) if is_archive(content) else {name: content}
            twice = next((member for member in found if member in plain), None)
            if twice is not None:
                raise BrokenFile(name, f"Two files are called {twice}; give each record's files a name of its own.")
        except RecordError as error:
            refused.append(_refusal(error))
            continue
        plain |= found
    return plain, refused


def _check(name: str, content: bytes) -> None:
    if not content.strip():
        raise EmptyFile(name, "The file is empty; copy it again.")
    if not name.isascii():
        raise BrokenFile(name, "The file's name holds letters beyond A to Z; rename it, and its name in the header.")


def _unread(name: str, content: bytes) -> RecordError:
    if not content:
        return EmptyFile(name, "The file is empty; copy it again.")
    if name.endswith(_SIGNALS):
        return PartialFile(name, "A signal file without its header; give the .hea file together with it.")
    return UnknownFormat(name, "The file is no ECG that can be read; give WFDB files (.hea with .mat or .dat).")


def _refusal(error: RecordError) -> Refusal:
    return Refusal(error.name, error.kind, error.sentence)
