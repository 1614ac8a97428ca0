"""NumPy's files: one array (.npy), or several by name (.npz)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile
from ecgssl_core.records.archive import holds_arrays, members
from ecgssl_core.records.draft import Draft
from ecgssl_core.records.named_arrays import draft_from
from ecgssl_core.records.npy_array import MAGIC, read_npy

NAME, GENERAL = "NumPy", False


def takes(name: str, content: bytes) -> bool:
    """Say whether a file is an array, or a zip of nothing but arrays that belong to one record."""
    return content.startswith(MAGIC) or holds_arrays(name, content)


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the record in an array, or in the arrays of a .npz: `signal`, `fs`, `leads`, `unit`, or one array a lead.

    Args:
        name: of the file, among the files.
        files: the uploaded set; no other file is looked at.

    Raises:
        RecordError: it holds what is never loaded, contradicts itself, or leaves open which array is the signal.
    """
    content = files[name]
    if content.startswith(MAGIC):
        array = read_npy(name, content)
        if array.dtype.kind in "US":
            raise BrokenFile(name, "The array holds text; save samples as numbers.")
        return draft_from(name, f"NPY {array.dtype.str[1:]}", {"signal": array}, {})
    arrays: dict[str, NDArray[np.generic]] = {}
    texts: dict[str, object] = {}
    for member, bytes_of_it in members(name, content).items():
        key = member.removesuffix(".npy")
        array = _member(name, key, bytes_of_it)
        if array.dtype.kind in "US":
            words = np.char.decode(array.astype(np.bytes_), "latin-1") if array.dtype.kind == "S" else array
            texts[key] = words.tolist() if array.ndim < 2 else []
        else:
            arrays[key] = array
    return draft_from(name, "NPZ", arrays, texts)


def _member(name: str, key: str, content: bytes) -> NDArray[np.generic]:
    if not content.startswith(MAGIC):
        raise BrokenFile(name, f"The array {key[:40]} is none; save the file again.")
    try:
        return read_npy(name, content)
    except UnicodeError as error:
        raise BrokenFile(name, "A text in the file is damaged; save it again.") from error
