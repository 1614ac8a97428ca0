"""One ECG as every part of the program sees it, and what reading files gives."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Severity = Literal["block", "warn", "note"]
UnitSource = Literal["file", "user", "guessed"]
Sex = Literal["female", "male"]

OLDEST = 90.0  # a higher age could identify a person
DIGEST_STEP_MV = 0.0001
_MISSING = np.iinfo(np.int32).min


@dataclass(frozen=True)
class Issue:
    """Something about a record that a person should know before trusting it.

    kind: sentence kind, as of `RecordError.kind`, or QUAL for a matter of quality.
    lead: the lead it is about; None where it is about the whole record.
    severity: `block` forbids predictions, `warn` stands beside them, `note` is for the curious.
    sentence: what is the matter, and where.
    remedy: what to do, or an empty string where there is nothing to do.
    """

    kind: str
    lead: str | None
    severity: Severity
    sentence: str
    remedy: str


@dataclass(frozen=True)
class Refusal:
    """A file that gave no record, and why."""

    name: str
    kind: str
    sentence: str


@dataclass(frozen=True, eq=False)
class Record:
    """One ECG without anything that names its owner.

    name: the file as its owner calls it, without folders and ending.
    signal: (leads, samples) float32, in mV; NaN where a sample is missing.
    rate: samples a second.
    leads: name of each row, canonical where it is known.
    units: who says the unit of each lead; what is `guessed` may be drawn and never predicted on.
    lsb_mv: size of the smallest step of each lead, in mV.
    age: in years, at most 90, where higher ages could identify a person.
    format: name of the reader.
    codes: diagnosis codes as the file has them.
    issues: what reading noticed.
    derived: leads that are not in the file and follow from I and II.
    aside: names of Frank, posterior and right-sided leads of the file, which no model reads.
    aside_signal: (aside leads, samples) float32, in mV; None where there is none.
    """

    name: str
    signal: NDArray[np.float32]
    rate: float
    leads: tuple[str, ...]
    units: dict[str, UnitSource]
    lsb_mv: tuple[float, ...]
    age: float | None
    sex: Sex | None
    format: str
    codes: tuple[str, ...]
    issues: tuple[Issue, ...]
    derived: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    aside_signal: NDArray[np.float32] | None = None

    @property
    def seconds(self) -> float:
        """Length of the record."""
        return float(self.signal.shape[1] / self.rate)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the signal, whatever file it came in.

        Hashed are the lead names in order and the rate, as JSON, and then the samples as little-endian int32 multiples
        of 0.0001 mV, lead by lead; the smallest int32 stands for a missing sample.
        """
        steps = np.rint(self.signal.astype(np.float64) / DIGEST_STEP_MV)
        missing = ~np.isfinite(steps)
        counts = np.clip(np.where(missing, 0, steps), _MISSING + 1, -_MISSING - 1).astype("<i4")
        counts[missing] = _MISSING
        head = json.dumps([list(self.leads), float(self.rate)]).encode()
        return hashlib.sha256(head + counts.tobytes()).hexdigest()


@dataclass(frozen=True)
class Reading:
    """What a set of files gave: the records in it, and every file that gave none."""

    records: tuple[Record, ...]
    refused: tuple[Refusal, ...]
