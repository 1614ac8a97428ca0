"""MATLAB files without a header beside them: matrices of versions 4 and 5, by name."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ecgssl_core.errors import UnknownFormat
from ecgssl_core.records.draft import Draft
from ecgssl_core.records.mat_file import read_variables, version_of
from ecgssl_core.records.named_arrays import draft_from
from ecgssl_core.records.record import Issue

NAME, GENERAL = "MATLAB", False
_COUNTS = "val"  # what PhysioNet calls the matrix of a record's counts


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
    draft = draft_from(name, f"MATLAB {version_of(files[name])}", matrices, values)
    if list(matrices) != [_COUNTS] or texts:
        return draft
    told = f"Bare counts: the header that says what they are, {Path(name).stem}.hea, is missing."
    half = Issue("PART", None, "warn", told, "Give it together with this file, or say what is asked here.")
    return replace(draft, issues=(*draft.issues, half))
