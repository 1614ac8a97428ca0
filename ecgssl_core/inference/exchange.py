"""A bundle as one zip, and back: what comes in is proved before it is listed, what is wrong leaves nothing behind."""

import errno
import io
import re
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from ecgssl_core.durable import replace_file, sync_folder
from ecgssl_core.errors import BundleError, OwnFault
from ecgssl_core.models.identity import IDENTITY
from ecgssl_core.models.manifest import CARD, KNOWN, MANIFEST, WEIGHTS, damaged_parts, read_manifest

from .bundle_checks import checked_manifest
from .card import IMPORTED, find_models

MOST_BYTES = {MANIFEST: 8 << 20, CARD: 1 << 20, WEIGHTS: 512 << 20, KNOWN: 64 << 20, IDENTITY: 512 << 20}
ALWAYS = {MANIFEST, CARD, WEIGHTS}  # others: what a model knows of records, and how it tells persons apart
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bundle gives the same zip
_BLOCK = 1 << 20
_NO_ZIP = "This is no zip of a model; export one on the Models page, and give it as it is."


def export_bundle(folder: Path) -> bytes:
    """Give a bundle as a zip that holds its parts and nothing else; the same bundle gives the same bytes.

    Raises:
        BundleError: a part is missing or not what was released.
    """
    manifest, _ = read_manifest(folder)
    damaged = damaged_parts(folder, manifest)
    if damaged:
        raise BundleError(f"{', '.join(damaged)} of {folder.name} is not what was released; it is not exported.")
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # weights do not get smaller
        for name in (MANIFEST, *sorted(manifest.parts)):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), (folder / name).read_bytes())
    return sink.getvalue()


def read_zip(path: Path) -> bytes:
    """Give the content of a zip file on disk.

    Raises:
        BundleError: it cannot be read, or is larger than any model.
    """
    try:
        with path.open("rb") as file:
            content = file.read(sum(MOST_BYTES.values()) + 1)
    except OSError as error:
        raise BundleError(f"{path.name} cannot be read ({error.strerror}).") from error
    if len(content) > sum(MOST_BYTES.values()):
        raise BundleError(f"{path.name} is larger than any model; it was not opened.")
    return content


def import_bundle(content: bytes, root: Path, prove: Callable[[Path], object]) -> Path:
    """Put the model of a zip into the data folder, once it is proved to be whole and to compute what it did.

    Names, sizes, sums and the manifest are checked before anything is written; the weights are opened by `prove` alone,
    on a folder that is not listed yet. Whatever is wrong, nothing stays behind.

    Args:
        content: of the zip.
        root: the data folder.
        prove: loads the bundle of a folder, where it may fail without harm, and raises what is wrong with it.

    Returns:
        The folder of the model, from now on in `find_models`.

    Raises:
        BundleError: the zip holds something else than one whole model, one of that name is here, or it does not give
            its reference output here.
        OwnFault: the disk refused.
    """
    parts = _parts(content)
    manifest = checked_manifest(parts[MANIFEST], parts)
    folder = root / IMPORTED / _free_name(manifest.name, parts[MANIFEST])
    # a name of its own: of two who import at once, neither may put parts into what the other has proved
    aside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    try:
        aside.mkdir(parents=True)
        for name, part in parts.items():
            replace_file(aside / name, part)
        prove(aside)
        aside.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
            raise BundleError(f"{folder.name} has come in meanwhile; look whether it is the same one.") from error
        raise OwnFault(f"The model could not be written ({error.strerror}); free some disk space.") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def remove_model(folder: Path, root: Path) -> None:
    """Remove an imported model.

    Raises:
        BundleError: it was not imported into this data folder: models of `checkpoints/` stay.
    """
    if folder.parent != root / IMPORTED or not NAME.fullmatch(folder.name):
        raise BundleError(f"{folder.name} was not imported here; only imported models can be removed.")
    aside = folder.with_name(f".{folder.name}.gone")
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.rename(aside)  # out of the list in one step
    shutil.rmtree(aside, ignore_errors=True)


def _parts(content: bytes) -> dict[str, bytes]:
    """Give the parts of a zip, and refuse one that holds anything else; sizes are counted, not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = {info.filename: info for info in archive.infolist()}
            if not ALWAYS <= set(infos) <= set(MOST_BYTES) or len(archive.infolist()) != len(infos):
                raise BundleError(
                    f"The zip of a model holds {', '.join(sorted(ALWAYS))}, perhaps {KNOWN} and {IDENTITY}, no more."
                )
            if any(info.flag_bits & 1 for info in infos.values()):
                raise BundleError("The zip is encrypted; give one without a password.")
            return {name: _bounded(archive, info, MOST_BYTES[name]) for name, info in infos.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
        raise BundleError(_NO_ZIP) from error


def _bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    found = bytearray()
    with archive.open(info) as member:
        while block := member.read(_BLOCK):
            found += block
            if len(found) > most:
                raise BundleError(f"{info.filename} in the zip is larger than {most >> 20} MiB; that is no model.")
    return bytes(found)


def _free_name(name: str, manifest: bytes) -> str:
    if not NAME.fullmatch(name):
        raise BundleError("The model's name is no name of a folder: letters, digits, dots, hyphens and underscores.")
    for path in find_models():
        if path.name == name:
            same = (path / MANIFEST).read_bytes() == manifest
            raise BundleError(
                f"{name} is here already."
                if same
                else f"Another model called {name} is here; remove that one first, or release this one by another name."
            )
    return name
