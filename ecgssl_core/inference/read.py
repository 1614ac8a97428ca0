"""What is printed of records and of what a model says of them: JSON, and lines for people."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from ecgssl_core.records import Reading, Record, check_quality, intervals_json, is_scaled, measure

from .prediction import Finding
from .stated import SEEN_IN_TRAINING, by_height, stated_word, unsupported


def reading_json(reading: Reading) -> dict[str, Any]:
    """Give the JSON form of `read`."""
    return {
        "records": [_record_json(record) for record in reading.records],
        "refused": [dataclasses.asdict(refusal) for refusal in reading.refused],
    }


def _record_json(record: Record) -> dict[str, Any]:
    unscaled = not is_scaled(record)
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
    if record.get("leads_note"):
        yield f"  leads: {record['leads_note']}"
    if record.get("seen"):
        yield f"  {SEEN_IN_TRAINING}"
    findings = by_height([Finding(**finding) for finding in record.get("findings", [])])
    yield from map(_finding_line, findings)
    yield from (f"  note: {sentence}" for sentence in unsupported(findings))
    for issue in record["issues"]:
        yield f"  {issue['severity']}: {issue['sentence']} {issue['remedy']}".rstrip()


def _finding_line(one: Finding) -> str:
    """Give a class as a line: its word, its number and why it is open; where nothing is said of it, no number."""
    said = one.reason or ""
    if one.status == "not assessed":
        return f"  {stated_word(one):12}  {one.name}. {said}".rstrip(" .") + "."
    numbers = f"{one.probability:.3f} (threshold {one.threshold:.3f}, {one.support} in training)"
    return f"  {stated_word(one):12}  {numbers}  {one.name}{'. ' if said else ''}{said}"
