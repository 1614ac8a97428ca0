"""The one door for files: a set of them in any order, to records and refusals, each refusal a sentence."""

import pkgutil
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from ecgssl_core.errors import (
    BrokenFile,
    EmptyFile,
    LimitError,
    MissingFile,
    PartialFile,
    RecordError,
    UnknownFormat,
    UnsafeFile,
)

from . import readers
from .archive import holds_arrays, is_archive, members
from .assemble import assemble
from .draft import Draft
from .pictures import is_picture
from .readers import wfdb
from .record import Reading, Record, Refusal

READERS = [
    cast("Reader", import_module(f"{readers.__name__}.{found.name}"))
    for found in pkgutil.iter_modules(readers.__path__)
]
MOST_BYTES = 64 << 20
_SIGNALS = (".mat", ".dat")
_MARKS = (".atr", ".qrs", ".ari", ".pwave")


class Reader(Protocol):
    """What each file in `readers/` offers, as functions of the module.

    GENERAL: takes files that have no mark of their own, where no other reader takes them.
    """

    NAME: str
    GENERAL: bool

    def takes(self, name: str, content: bytes) -> bool:
        """Say whether a file is of this format: by its content, never by its ending alone."""

    def read(self, name: str, files: Mapping[str, bytes]) -> Draft:
        """Read the file of that name among the files."""


def read_records(files: Mapping[str, bytes]) -> Reading:
    """Read whatever ECGs a set of files holds; the order and the endings of their names do not matter.

    Args:
        files: content by name; zips are looked into.

    Returns:
        The records, and a refusal for every file that gave none.
    """
    plain, refused = _unpacked(files)
    records: list[Record] = []
    belonging = {other for name, content in plain.items() for other in _company(name, content)}
    for name in sorted(plain.keys() - belonging):
        try:
            records.append(assemble(name, reader_of(name, plain[name]).read(name, plain)))
        except RecordError as error:
            refused.append(_refusal(error))
    return Reading(tuple(records), tuple(refused))


def reader_of(name: str, content: bytes) -> Reader:
    """Give the one reader that takes a file.

    Raises:
        RecordError: none does, or more than one.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise EmptyFile(name, "The file is empty; copy it again.")
    taking = [reader for reader in READERS if reader.takes(name, content)]
    certain = [reader for reader in taking if not reader.GENERAL] or taking
    if len(certain) > 1:
        names = " and ".join(sorted(reader.NAME for reader in certain)[:2])
        raise UnknownFormat(name, f"The file looks like {names} at once; export it again, in one format.")
    if not certain:
        raise _unread(name, content)
    return certain[0]


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
        waiting += [(path.with_name(other), False) for other in _beside(path, named, files[path.name])]
    return files, tuple(refused)


def _content(path: Path, named: bool) -> bytes:
    if path.is_dir():
        raise UnknownFormat(path.name, "This is a folder; name the files in it, or pack it.")
    if not path.is_file():
        raise MissingFile(path.name, "There is no such file; check its name.")
    if path.is_symlink() and not named:
        raise UnsafeFile(path.name, "The signal file is a link to another place; nothing was opened.")
    if path.stat().st_size > MOST_BYTES:
        raise LimitError(path.name, "The file is larger than 64 MiB; cut the recording into shorter ones.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise BrokenFile(path.name, "The file cannot be read from disk; check its permissions.") from error


def _beside(path: Path, named: bool, content: bytes) -> list[str]:
    """Give the files that belong to one and lie beside it; nothing beyond its folder is looked at."""
    if named and path.suffix in _SIGNALS and path.with_suffix(".hea").is_file():
        return [path.with_suffix(".hea").name]
    return [name for name in _company(path.name, content) if (path.parent / name).exists()]


def _company(name: str, content: bytes) -> tuple[str, ...]:
    """Give the names of the files that belong to one; none if the file itself is not fit to be read."""
    try:
        return wfdb.company(name, content) if wfdb.takes(name, content) else ()
    except RecordError:
        return ()  # its sentence comes when the file is read


def _unpacked(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[Refusal]]:
    plain: dict[str, bytes] = {}
    refused: list[Refusal] = []
    for name, content in files.items():
        try:
            is_set = is_archive(content) and not holds_arrays(name, content)
            found = members(name, content) if is_set else {name: content}
            twice = next((member for member in found if member in plain), None)
            if twice is not None:
                raise BrokenFile(name, f"Two files are called {twice}; give each record's files a name of its own.")
        except RecordError as error:
            refused.append(_refusal(error))
            continue
        plain |= found
    return plain, refused


def _unread(name: str, content: bytes) -> RecordError:
    if is_picture(content):
        return UnknownFormat(
            name, "Pictures, scans and PDFs are not read; ask the machine or the archive for a file with the signal."
        )
    if name.endswith(_MARKS):
        return UnknownFormat(name, "These are marks of a WFDB record's beats, without its signal; give its .hea.")
    if name.endswith(_SIGNALS):
        return PartialFile(name, "A signal file without its header; give the .hea file together with it.")
    return UnknownFormat(
        name, "The file is no ECG in a form that is known (docs/formats.md lists them); export it as CSV."
    )


def _refusal(error: RecordError) -> Refusal:
    return Refusal(error.name, error.kind, error.sentence)
