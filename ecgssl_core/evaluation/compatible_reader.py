"""The challenge's files read exactly as the official programs of each year read them, defects included.

This reproduces published numbers; to score, take the tolerant reader. PhysioNet/CinC Challenges, evaluation-2020 at
8ad0242 and evaluation-2021 at e2a75fc.
"""

from collections.abc import Sequence

import numpy as np

from ecgssl_core.errors import BrokenFile
from ecgssl_core.evaluation.arrays import Floats, Labels, Outputs
from ecgssl_core.evaluation.challenge_classes import ChallengeClasses
from ecgssl_core.evaluation.challenge_files import POSITIVE, ChallengeArrays, ChallengeTexts, cells_of, lines_of, number

_DIAGNOSES = "#Dx"


def read_compatible(files: Sequence[ChallengeTexts], scored: ChallengeClasses) -> ChallengeArrays:
    """Give labels and outputs as the official program of the year takes them.

    2020: every diagnosis line counts as one more recording, so labels may shift; a file of outputs whose lines do not
    fit is all negative; scores may be infinite. 2021: lines go by their number; scores that are not finite are 0.

    Args:
        files: recordings in the order of their file names.
        scored: the classes of the year.

    Raises:
        BrokenFile: the official program ends in an error here.
    """
    read_labels, read_outputs = (_labels_2020, _outputs_2020) if scored.year == 2020 else (_labels_2021, _outputs_2021)
    labels = read_labels(files, scored)
    outputs = np.zeros(labels.shape, dtype=np.bool_)
    scores = np.zeros(labels.shape)
    for row, file in enumerate(files):
        read_outputs(file, scored, outputs[row], scores[row])
    return ChallengeArrays(labels, outputs, scores, ())


def _labels_2020(files: Sequence[ChallengeTexts], scored: ChallengeClasses) -> Labels:
    found: list[list[str]] = []
    for file in files:
        for line in lines_of(file.header):
            if line.startswith(_DIAGNOSES):
                if ": " not in line:
                    raise BrokenFile(f"{file.name}.hea", "The diagnosis line has no blank after its colon.")
                found.append(cells_of(line.split(": ")[1]))
    if len(found) < len(files):
        raise BrokenFile(
            f"{files[-1].name}.hea",
            f"{len(files)} headers have {len(found)} diagnosis lines, and the program of 2020 gives the last no label; "
            "score without --compatible.",
        )
    return _marked(found[: len(files)], scored)


def _labels_2021(files: Sequence[ChallengeTexts], scored: ChallengeClasses) -> Labels:
    found = []
    for file in files:
        parts = [line.split(": ") for line in lines_of(file.header) if line.startswith(_DIAGNOSES)]
        found.append([code for part in parts if len(part) > 1 for code in cells_of(part[1])])
    return _marked(found, scored)


def _marked(found: Sequence[Sequence[str]], scored: ChallengeClasses) -> Labels:
    labels = np.zeros((len(found), len(scored.groups)), dtype=np.int8)
    for row, codes in enumerate(found):
        labels[row, [scored.places[code] for code in codes if code in scored.places]] = 1
    return labels


def _outputs_2020(file: ChallengeTexts, scored: ChallengeClasses, outputs: Outputs, scores: Floats) -> None:
    lines = [line for line in lines_of(file.output) if line.strip() and not line.strip().startswith("#")]
    rows = [cells_of(line) for line in lines]
    if len(rows) < 3 or len({len(row) for row in rows}) > 1:
        return
    for place, columns in enumerate(_columns([[name] for name in rows[0]], scored)):
        values = [0.0 if (value := number(rows[2][column])) is None else value for column in columns]
        known = [value for value in values if not np.isnan(value)]
        if known:
            # infinities of both signs cancel to NaN, which then is 0
            scores[place] = 0.0 if {np.inf, -np.inf} <= set(known) else np.mean(known)
        outputs[place] = any(rows[1][column] in POSITIVE for column in columns)


def _outputs_2021(file: ChallengeTexts, scored: ChallengeClasses, outputs: Outputs, scores: Floats) -> None:
    rows = [cells_of(line) for line in lines_of(file.output)[1:4]]
    if len(rows) < 3:
        raise BrokenFile(
            f"{file.name}.csv", "It has fewer than four lines, which the program of 2021 needs; add the missing ones."
        )
    names, binary, scalar = rows
    for place, columns in enumerate(_columns([name.split("|") for name in names], scored)):
        if not columns:
            continue
        if max(columns) >= min(len(binary), len(scalar)):
            raise BrokenFile(f"{file.name}.csv", f"The class {names[max(columns)]} has no value; write one for each.")
        outputs[place] = any(binary[column] in POSITIVE or number(binary[column]) == 1 for column in columns)
        scores[place] = np.mean([_finite(scalar[column]) for column in columns])


def _columns(names: Sequence[Sequence[str]], scored: ChallengeClasses) -> list[list[int]]:
    """Give the columns that belong to each class: those that name one of its codes."""
    columns: list[list[int]] = [[] for _ in scored.groups]
    for column, codes in enumerate(names):
        for place in {scored.places[code] for code in codes if code in scored.places}:
            columns[place].append(column)
    return columns


def _finite(text: str) -> float:
    value = number(text)
    return value if value is not None and np.isfinite(value) else 0.0
