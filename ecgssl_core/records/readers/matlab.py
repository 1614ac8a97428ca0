"""MATLAB files without a header beside them: matrices of versions 4 and 5, by name."""

from collections.abc import Mapping

from ecgssl_core.errors import UnknownFormat
from ecgssl_core.records.draft import Draft
from ecgssl_core.records.mat_file import read_variables, version_of
from ecgssl_core.records.named_arrays import draft_from

NAME, GENERAL = "MATLAB", False


def takes(name: str, content: bytes) -> bool:
    """Say whether a file is one of MATLAB's, of any version; HDF5 is taken so as to be refused with its sentence."""
    del name
    return version_of(content) is not None


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the record in a file's matrices: `val` or `signal`, `fs`, `leads`, `unit`, or one matrix a lead.

    A PhysioNet `val` holds counts, whose unit, leads and rate stand in the `.hea` that belongs to it.

    Args:
        name: of the file, among the files.
        files: the uploaded set; no other file is looked at.

    Raises:
        RecordError: it is damaged, holds code or no matrix, or leaves open which matrix is the signal.
    """
    matrices, texts = read_variables(name, files[name])
    if not matrices:
        raise UnknownFormat(name, "The file holds no plain matrix of real numbers; save it outside structs and cells.")
    values: dict[str, object] = {key: lines[0] if len(lines) == 1 else lines for key, lines in texts.items()}
    return draft_from(name, f"MATLAB {version_of(files[name])}", matrices, values)
