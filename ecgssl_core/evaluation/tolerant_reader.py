"""The challenge's files read by what their authors meant, the same for both years, with a note on whatever was odd."""

import re
from collections.abc import Sequence

import numpy as np

from ecgssl_core.errors import BrokenFile
from ecgssl_core.evaluation.arrays import Floats, Outputs
from ecgssl_core.evaluation.challenge_classes import ChallengeClasses
from ecgssl_core.evaluation.challenge_files import POSITIVE, ChallengeArrays, ChallengeTexts, cells_of, lines_of, number

_DIAGNOSES = re.compile(r"#(\s*)(dx)\s*:(.*)", re.IGNORECASE)
_NEGATIVE = ("0", "False", "false", "F", "f")


def read_tolerant(
    files: Sequence[ChallengeTexts], scored: ChallengeClasses, allow_unlabelled: bool = False
) -> ChallengeArrays:
    """Give labels and outputs, each recording with its own.

    A diagnosis line may be written `#Dx:` or `# Dx:` in any case, and several are united. Output files are three lines
    once blank ones, comments and the recording's name are left out: classes, binary outputs, scores. A class may be
    named `code|code` and in several columns: its output is positive if any is, its score their mean. What is no finite
    number has the score 0. A file that is not of this form is all negative.

    Args:
        files: recordings in any order.
        scored: the classes of the year.
        allow_unlabelled: take a header without a diagnosis line for a recording without a diagnosis.

    Raises:
        BrokenFile: a header has no diagnosis line.
    """
    shape = (len(files), len(scored.groups))
    found = ChallengeArrays(np.zeros(shape, dtype=np.int8), np.zeros(shape, dtype=np.bool_), np.zeros(shape), ())
    notes: list[str] = []
    for row, file in enumerate(files):
        codes = _diagnoses(file, allow_unlabelled, notes)
        found.labels[row, [scored.places[code] for code in codes if code in scored.places]] = 1
        _read_outputs(file, scored, found.outputs[row], found.scores[row], notes)
    return ChallengeArrays(found.labels, found.outputs, found.scores, tuple(notes))


def _diagnoses(file: ChallengeTexts, allow_unlabelled: bool, notes: list[str]) -> list[str]:
    lines = [match for line in lines_of(file.header) if (match := _DIAGNOSES.match(line))]
    if not lines and not allow_unlabelled:
        raise BrokenFile(
            f"{file.name}.hea", "The header has no diagnosis line '#Dx: …'; add it, or allow unlabelled records."
        )
    if not lines:
        notes.append(f"{file.name}.hea has no diagnosis line and counts as without a diagnosis.")
    if any(match[1] or match[2] != "Dx" for match in lines):
        notes.append(f"{file.name}.hea writes its diagnosis line unlike '#Dx:', which the official programs pass over.")
    if len(lines) > 1:
        notes.append(f"{file.name}.hea has {len(lines)} diagnosis lines, which are united.")
    return [code for match in lines for cell in cells_of(match[3]) for code in cell.split("|")]


def _read_outputs(
    file: ChallengeTexts, scored: ChallengeClasses, outputs: Outputs, scores: Floats, notes: list[str]
) -> None:
    rows = _rows(file, notes)
    if rows is None:
        return
    names, binary, scalar = rows
    columns: list[list[int]] = [[] for _ in scored.groups]
    for column, name in enumerate(names):
        for place in {scored.places[code.strip()] for code in name.split("|") if code.strip() in scored.places}:
            columns[place].append(column)
    _note_values(file.name, names, binary, scalar, notes)
    for place, of_class in enumerate(columns):
        if of_class:
            outputs[place] = any(_is_positive(binary[column]) for column in of_class)
            scores[place] = np.mean([_finite(scalar[column]) or 0.0 for column in of_class])


def _rows(file: ChallengeTexts, notes: list[str]) -> tuple[list[str], list[str], list[str]] | None:
    """Give classes, binary outputs and scores, of one length; None, with a note, if the file is not of this form."""
    lines = [line.strip() for line in lines_of(file.output) if line.strip()]
    plain = [line for line in lines if not line.startswith("#")]
    if plain and plain[0] == file.name:
        plain = plain[1:]
    elif len(plain) == len(lines):
        notes.append(f"{file.name}.csv lacks its first line, '#{file.name}'.")
    rows = [_without_empty_end(cells_of(line)) if row == 0 else cells_of(line) for row, line in enumerate(plain[:3])]
    if len(rows) < 3:
        notes.append(f"{file.name}.csv has {len(rows)} of 3 lines, so all its outputs count as negative.")
        return None
    width = len(rows[0])
    if any(len(row) < width or any(row[width:]) for row in rows):
        notes.append(f"{file.name}.csv has lines of different length, so all its outputs count as negative.")
        return None
    if len(plain) > 3:
        notes.append(f"{file.name}.csv has more lines than 3 after its first, which are left out.")
    return rows[0], rows[1][:width], rows[2][:width]


def _note_values(name: str, names: list[str], binary: list[str], scalar: list[str], notes: list[str]) -> None:
    if any("|" in one for one in names):
        notes.append(f"{name}.csv joins codes by |, which the official program of 2020 does not know.")
    if any(_is_positive(text) and text not in POSITIVE for text in binary):
        notes.append(
            f"{name}.csv writes positive outputs as numbers, which the official program of 2020 does not know."
        )
    strange = sorted(
        {text for text in binary if not _is_positive(text) and text not in _NEGATIVE and number(text) != 0}
    )
    if strange:
        notes.append(f"{name}.csv has outputs that are neither 0 nor 1 ({', '.join(map(repr, strange))}): negative.")
    unusable = sum(_finite(text) is None for text in scalar)
    if unusable:
        notes.append(f"{name}.csv has {unusable} scores that are no finite numbers and count as 0.")


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _is_positive(text: str) -> bool:
    return text in POSITIVE or number(text) == 1


def _finite(text: str) -> float | None:
    value = number(text)
    return value if value is not None and np.isfinite(value) else None
