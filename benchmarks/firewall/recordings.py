"""The real recordings that the checks are fitted and measured on, and which half each belongs to."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ecgssl_core.records import Record, gather, read_records
from tests.conftest import SHARED

FOLDERS = {"cinc2020": "cinc2020", "code15": "code15", "ludb": "ludb/data", "cinc2011": "cinc2011"}


@dataclass(frozen=True, eq=False)
class Recording:
    """A record, where it comes from, and whether it belongs to the half that limits were chosen on."""

    record: Record
    source: str
    tuned: bool


def recordings(data: Path, name: str) -> Iterator[Recording]:
    """Give the records of one unpacked set, by name; the half follows from a hash of the patient."""
    patients = {row["record"]: row["patient"] for row in _table("cinc2020_records.csv")}
    for header in sorted((data / FOLDERS[name]).rglob("*.hea")):
        reading = read_records(gather([header])[0])
        source = header.parent.name if name == "cinc2020" else name
        for record in reading.records:
            patient = patients.get(record.name) or record.name
            yield Recording(record, source, hashlib.sha256(patient.encode()).digest()[0] % 2 == 0)


def judged(data: Path) -> Iterator[tuple[Record, bool]]:
    """Give the records that people called acceptable (False) or unacceptable (True); two were left open."""
    labels = {row["record"]: row["label"] for row in _table("cinc2011_labels.csv")}
    for one in recordings(data, "cinc2011"):
        label = labels.get(one.record.name)
        if label in ("acceptable", "unacceptable"):
            yield one.record, label == "unacceptable"


def _table(name: str) -> list[dict[str, str]]:
    with (SHARED / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
