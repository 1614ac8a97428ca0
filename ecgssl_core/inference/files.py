"""Files named on the command line to records: each set read apart, questions answered, names told apart."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ecgssl_core.cores import usable_cores
from ecgssl_core.errors import RecordError
from ecgssl_core.records import (
    Answers,
    Issue,
    Reading,
    Record,
    Refusal,
    answered,
    gather,
    open_questions,
    read_isolated,
)


def read_files(paths: Sequence[Path], answers: Answers | None = None) -> Reading:
    """Read files, each in a process of its own, in the order given; a `.hea` brings the files that lie beside it.

    Args:
        paths: the files.
        answers: what a person says where a file does not.
    """
    sets, refused = _sets(paths)
    with ThreadPoolExecutor(usable_cores()) as pool:
        readings = [_told(reading, answers or Answers()) for reading in pool.map(read_isolated, sets.values())]
    records = tuple(_distinct(readings, list(sets)))
    return Reading(records, (*refused, *(refusal for reading in readings for refusal in reading.refused)))


def _sets(paths: Sequence[Path]) -> tuple[dict[Path, dict[str, bytes]], list[Refusal]]:
    """Give the files of each record, by the one that was named; what another brings along is not read twice."""
    sets: dict[Path, dict[str, bytes]] = {}
    refused: list[Refusal] = []
    taken: set[Path] = set()
    for path in paths:
        if path.resolve() not in taken:
            files, unreadable = gather([path])
            taken |= {path.with_name(name).resolve() for name in files}
            for other in [other for other, less in sets.items() if other.parent == path.resolve().parent]:
                if sets[other].keys() < files.keys():  # a part of this record, named before it
                    del sets[other]
            refused += unreadable
            if files:
                sets[path.resolve()] = files
    return sets, refused


def _told(reading: Reading, answers: Answers) -> Reading:
    records, refused = [], list(reading.refused)
    for record in reading.records:
        try:
            records.append(_noted(answered(record, answers), _unused(record, answers)))
        except RecordError as error:
            refused.append(Refusal(error.name, error.kind, error.sentence))
    return Reading(tuple(records), tuple(refused))


def _unused(record: Record, answers: Answers) -> list[Issue]:
    """Give a note for each answer to a question that a file does not leave open."""
    asked = open_questions(record)
    given = (("ASK-UNIT", answers.unit_mv, "unit"), ("ASK-RATE", answers.rate, "rate"))
    return [
        Issue("QUAL", None, "note", f"The file says its own {what}, so --{what} is not used.", "")
        for kind, answer, what in given
        if answer is not None and kind not in asked
    ]


def _noted(record: Record, notes: list[Issue]) -> Record:
    return dataclasses.replace(record, issues=(*record.issues, *notes)) if notes else record


def _distinct(readings: Sequence[Reading], paths: Sequence[Path]) -> list[Record]:
    """Give all records; those of one name are told apart by their files' endings, and then by numbers."""
    found = [(record, path) for reading, path in zip(readings, paths, strict=True) for record in reading.records]
    times = Counter(record.name for record, _ in found)
    fuller = [
        dataclasses.replace(record, name=f"{record.name}{path.suffix}") if times[record.name] > 1 else record
        for record, path in found
    ]
    seen: Counter[str] = Counter()
    records = []
    for record in fuller:
        seen[record.name] += 1
        number = seen[record.name]
        records.append(record if number == 1 else dataclasses.replace(record, name=f"{record.name} ({number})"))
    return records
