"""Damaged WFDB headers and signal files: each set gives records or refusals, never another error or a warning."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ecgssl_core.records.read import gather, read_records
from tests.records.mutations import mutations

Upload = Callable[..., dict[str, bytes]]
Real = Callable[[str], Path]

SEGMENTED = b"whole/3 12 500 3500\nmade 1500\n~ 500\nmade 1500\n# Dx: 426783006\n"


def still_read(files: Mapping[str, bytes], damaged: str, count: int) -> int:
    """Give how many sets with a damaged copy of one of their files still give a record."""
    assert read_records(files).records
    read = 0
    for content in mutations(files[damaged], count, seed=7):
        reading = read_records({**files, damaged: content})
        assert reading.records or reading.refused
        for refusal in reading.refused:
            assert len(refusal.sentence.split()) <= 25, refusal.sentence
        read += bool(reading.records)
    return read


def sets(upload: Upload, real: Real) -> list[tuple[dict[str, bytes], str]]:
    """Give sets of files, and which of them is damaged."""
    made = upload(comments="# Age: 60\n# Sex: F\n# Dx: 426783006")
    several, _ = gather([real("formats") / "wfdb" / "binformats.hea"])
    flac, _ = gather([real("formats") / "wfdb" / "flacformats.hea"])
    return [
        (made, "made.hea"),
        (made, "made.dat"),
        ({**made, "whole.hea": SEGMENTED}, "whole.hea"),
        (several, "binformats.hea"),
        (flac, "flacformats.d1"),
    ]


def test_a_thousand_damaged_sets_give_records_or_refusals(upload: Upload, real: Real) -> None:
    counts = [still_read(files, damaged, 200) for files, damaged in sets(upload, real)]
    assert all(0 < count < 200 for count in counts[:2])


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_hundred_thousand_damaged_sets_give_records_or_refusals(upload: Upload, real: Real) -> None:
    for (files, damaged), count in zip(sets(upload, real), (40_000, 20_000, 30_000, 8_000, 2_000), strict=True):
        assert still_read(files, damaged, count) > 0
