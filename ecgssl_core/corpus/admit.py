"""What a pack keeps of one record: its line of the table, its origin and its samples, or why it was refused."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.crew import Taken
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.labels import snomed_codes
from ecgssl_core.corpus.origins import entry_digest
from ecgssl_core.corpus.ready import Facts

OLDEST = 90.0  # ages above it can identify a person, and some corpora write 300 for all of them


@dataclass(frozen=True, eq=False)
class Admitted:
    """A record handled: its line of the table but for the place (None: refused), its origin, int16 (samples, leads)."""

    row: dict[str, Any] | None
    origin: dict[str, Any]
    counts: NDArray[np.int16]


def admit(entry: Entry, taken: Taken) -> Admitted:
    """Give what a pack keeps of a record that was read."""
    facts = taken.facts
    row = None if facts.kind else _row(entry, facts, len(taken.counts))
    return Admitted(row, _origin(entry, taken), taken.counts)


def _row(entry: Entry, facts: Facts, samples: int) -> dict[str, Any]:
    codes = (snomed_codes(facts.codes) or None) if entry.codes is None else entry.codes
    age = facts.age if entry.age is None else entry.age
    return {
        "key": entry.key,
        "source": entry.source,
        "patient": entry.patient,
        "patient_known": entry.patient is not None,
        "age": None if age is None else min(float(age), OLDEST),
        "sex": entry.sex or facts.sex,
        "codes": None if codes is None else json.dumps(codes),
        "unknown_codes": json.dumps(entry.unknown_codes),
        "file_rate_hz": facts.rate,
        "samples": samples,
        "scale_mv": facts.scale_mv,
        "sha256": facts.digest,
        "published_fold": entry.published_fold,
        "same_signal": entry.same_signal,
    }


def _origin(entry: Entry, taken: Taken) -> dict[str, Any]:
    facts = taken.facts
    return {
        "key": entry.key,
        "source": entry.source,
        "entry": entry_digest(entry),
        "files": json.dumps(taken.files),
        "kind": facts.kind,
        "sentence": facts.sentence,
        "format": facts.format,
        "rate_hz": facts.rate,
        "seconds": facts.seconds,
        "leads": json.dumps(facts.leads, ensure_ascii=False),
        "units": facts.units,
        "span_mv": facts.span_mv,
        "quality": facts.quality,
        "marks": json.dumps(facts.marks, ensure_ascii=False),
    }
