"""Zips, looked into without ever being extracted: members are read by handle into memory, under limits.

No other archive is opened.
"""

import io
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

from ecgssl_core.errors import BrokenFile, EmptyFile, LimitError, UnknownFormat, UnsafeFile

MOST_MEMBERS = 20_000
MEMBER_BYTES, ALL_BYTES = 256 << 20, 2 << 30
_BLOCK = 1 << 20
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
# gzip, bzip2, xz, 7z, rar, zstandard: each in its own way as good for a bomb, and no set of records needs one
_NEVER_OPENED = (
    b"\x1f\x8b\x08",
    *(b"BZh%d1AY&SY" % level for level in range(1, 10)),
    b"\xfd7zXZ\0",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x28\xb5\x2f\xfd",
)
_OF_ONE_RECORD = {"signal", "signals", "ecg", "fs", "rate", "sampling_rate", "leads", "unit", "units", "arr_0"}
_ARCHIVES = (".zip", ".gz", ".tar", ".tgz", ".7z", ".bz2", ".xz", ".rar")


def is_archive(content: bytes) -> bool:
    """Say whether a file is a zip or another archive, by its first bytes."""
    return content.startswith((*_ZIPS, *_NEVER_OPENED))


def holds_arrays(name: str, content: bytes) -> bool:
    """Say whether a zip is one record of NumPy's: nothing but arrays, called so by its name or by theirs.

    A zip of arrays that are a record each looks the same, which is why names are looked at; np.savez calls arrays that
    were given no name arr_0, arr_1, ….
    """
    if not is_archive(content):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError):
        return False  # its sentence comes when the zip is looked into
    if not names or not all(one.endswith(".npy") for one in names):
        return False
    stems = {one.removesuffix(".npy").casefold() for one in names}
    return name.casefold().endswith(".npz") or bool(stems & _OF_ONE_RECORD)


def members(name: str, content: bytes) -> dict[str, bytes]:
    """Give the files in a zip, by their names without folders.

    Raises:
        RecordError: the zip is damaged, encrypted, too big, or holds what no set of records holds; or it is no zip.
    """
    if content.startswith(_NEVER_OPENED):
        raise LimitError(name, "Of archives only zips are opened; unpack this one, and give the files or a zip.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _check(name, infos)
            return _read_all(name, archive, infos)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, IndexError, NotImplementedError, OSError) as error:
        raise BrokenFile(name, "The zip is damaged; make it again.") from error


def _check(name: str, infos: list[zipfile.ZipInfo]) -> None:
    if not infos:
        raise EmptyFile(name, "The zip holds no file; make it again.")
    if len(infos) > MOST_MEMBERS:
        raise LimitError(name, f"The zip holds {len(infos)} files, at most {MOST_MEMBERS} are read; divide it.")
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        parts = PurePosixPath(info.filename).parts
        if ".." in parts or info.filename.startswith("/") or "\\" in info.filename or ":" in info.filename:
            raise UnsafeFile(name, "The zip names a place outside itself; nothing was opened.")
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise UnsafeFile(name, "The zip holds a link or a device; nothing was opened.")
        if info.flag_bits & 1:
            raise UnknownFormat(name, "The zip is encrypted; give the files without a password.")
        if info.filename.lower().endswith(_ARCHIVES):
            raise LimitError(name, f"The zip holds another archive, {parts[-1][:60]}; take it out.")
        if info.header_offset < end:
            raise UnsafeFile(name, "Files in the zip lie over each other; nothing was opened.")
        end = info.header_offset + info.compress_size
    names = [PurePosixPath(info.filename).name for info in infos]
    twice = next((one for one in names if names.count(one) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise BrokenFile(name, f"The zip holds two files called {twice[:60]}; give each a name of its own.")


def _read_all(name: str, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    whole = 0
    for info in infos:
        content = bytearray()
        with archive.open(info) as member:
            # what the directory says of the size is a claim: count what comes out
            while block := member.read(_BLOCK):
                content += block
                whole += len(block)
                if len(content) > MEMBER_BYTES or whole > ALL_BYTES:
                    raise LimitError(name, "The zip would unpack to more than 256 MiB a file; divide it.")
        files[PurePosixPath(info.filename).name] = bytes(content)
    return files
