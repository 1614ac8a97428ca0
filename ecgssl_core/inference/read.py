"""Files to records for the command line, and what is printed of them."""

import dataclasses
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ecgssl_core.cores import usable_cores
from ecgssl_core.errors import RecordError
from ecgssl_core.records import (
    Answers,
    Reading,
    Record,
    Refusal,
    answered,
    check_quality,
    gather,
    intervals_json,
    measure,
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
        readings = [_told(reading, answers or Answers()) for reading in pool.map(read_isolated, sets)]
    records = tuple(record for reading in readings for record in reading.records)
    return Reading(records, (*refused, *(refusal for reading in readings for refusal in reading.refused)))


def _sets(paths: Sequence[Path]) -> tuple[list[dict[str, bytes]], list[Refusal]]:
    """Give the files of each record; one that another file brings along is not read a second time, in any order."""
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
    return list(sets.values()), refused


def _told(reading: Reading, answers: Answers) -> Reading:
    records, refused = [], list(reading.refused)
    for record in reading.records:
        try:
            records.append(answered(record, answers))
        except RecordError as error:
            refused.append(Refusal(error.name, error.kind, error.sentence))
    return Reading(tuple(records), tuple(refused))


def reading_json(reading: Reading) -> dict[str, Any]:
    """Give the JSON form of `read`."""
    return {
        "records": [_record_json(record) for record in reading.records],
        "refused": [dataclasses.asdict(refusal) for refusal in reading.refused],
    }


def _record_json(record: Record) -> dict[str, Any]:
    unscaled = "ASK-UNIT" in open_questions(record) or "ASK-RATE" in open_questions(record)
    # in an unknown unit all that could be said of quality would be an artefact of the guess
    issues = record.issues if unscaled else (*record.issues, *check_quality(record).issues)
    return {
        "name": record.name,
        "format": record.format,
        "rate_hz": record.rate,
        "seconds": record.seconds,
        "leads": list(record.leads),
        "units": dict(record.units),
        "derived": list(record.derived),
        "aside": list(record.aside),
        "age": record.age,
        "sex": record.sex,
        "intervals": None if unscaled else intervals_json(measure(record)),
        "issues": [dataclasses.asdict(issue) for issue in issues],
    }


def lines_of(tree: dict[str, Any]) -> Iterator[str]:
    """Give a result of the command line as lines of text."""
    for record in tree.get("records", []) if isinstance(tree.get("records"), list) else []:
        yield from _record_lines(record)
    for refusal in tree.get("refused", []) if isinstance(tree.get("refused"), list) else []:
        yield f"{refusal['name']}: {refusal['kind']}: {refusal['sentence']}"
    if not isinstance(tree.get("records"), list):
        yield from (f"{name}: {value}" for name, value in tree.items())
    if "note" in tree:
        yield tree["note"]


def _leads(count: int) -> str:
    return f"{count} lead{'s' * (count != 1)}"


def _record_lines(record: dict[str, Any]) -> Iterator[str]:
    if "format" in record:
        yield (
            f"{record['name']}: {record['format']}, {_leads(len(record['leads']))}, {record['rate_hz']:g} Hz, "
            f"{record['seconds']:g} s"
        )
    else:
        yield f"{record['name']}: {record['abstained'] or str(record['windows']) + ' windows'}"
    ordered = sorted(record.get("findings", []), key=lambda finding: -finding["probability"] / finding["threshold"])
    for finding in ordered:
        mark = "+" if finding["positive"] else " "
        yield (
            f"  {mark} {finding['probability']:.3f} (threshold {finding['threshold']:.3f}, "
            f"{finding['support']} in training)  {finding['name']}"
        )
    for issue in record["issues"]:
        yield f"  {issue['severity']}: {issue['sentence']} {issue['remedy']}".rstrip()
