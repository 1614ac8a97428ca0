"""One record of a corpus before it is read: where it lies, and what is known about it from beside the file."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to be packed.

    Args:
        key: path below the corpus folder without suffix, with `/`; names the record in every table.
        path: the file to be read.
        source: which part of the corpus it comes from; folds are stratified within a source.
        patient: who it is of; None where nobody knows. Patients are the same wherever their names are.
        codes: SNOMED CT codes of its diagnoses; None if the file itself is to be asked.
        unknown_codes: codes of which nobody has said whether the record has them.
        age: years; None if the file is to be asked.
        sex: female or male; None if the file is to be asked.
        published_fold: 1, 2, …, as the corpus was published.
        same_signal: key of a record known to be the same recording under another name.
    """

    key: str
    path: Path
    source: str
    patient: str | None = None
    codes: tuple[str, ...] | None = None
    unknown_codes: tuple[str, ...] = ()
    age: float | None = None
    sex: str | None = None
    published_fold: int | None = None
    same_signal: str | None = None
