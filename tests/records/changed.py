"""A clean recording with something done to its signal."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.records import Issue, Record, check_quality, gather, read_records

EXAMPLES = Path(__file__).parents[2] / "examples"
Signal = NDArray[np.float32]


def clean_record(name: str = "HR00009") -> Record:
    """Give one of the example recordings: by default a sinus rhythm of PTB-XL, 500 samples a second."""
    (record,) = read_records(gather([EXAMPLES / f"{name}.hea"])[0]).records
    return record


def changed(record: Record, change: Callable[[Signal], Signal | None]) -> Record:
    """Give the record with a changed copy of its signal."""
    signal = record.signal.copy()
    made = change(signal)
    return dataclasses.replace(record, signal=signal if made is None else made)


def told(record: Record) -> tuple[Issue, ...]:
    """Give all that the checks say of a record."""
    return check_quality(record).issues
