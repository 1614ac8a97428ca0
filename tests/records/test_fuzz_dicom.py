"""Damaged DICOM objects: each gives a record or a refusal of a listed kind, never another error, a warning or a hang."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import ImplicitVRLittleEndian

from ecgssl_core.errors import RecordError
from ecgssl_core.records.assemble import assemble
from ecgssl_core.records.dicom_structure import open_body
from ecgssl_core.records.readers import dicom
from tests.records.dicom_files import deflated, made_channel, made_dicom, made_group, with_body
from tests.records.mutations import mutations

Real = Callable[[str], Path]


def survived(content: bytes) -> bool:
    """Read a file as the program does; say whether it gave a record."""
    if not dicom.takes("made.dcm", content):
        return False
    try:
        record = assemble("made.dcm", dicom.read("made.dcm", {"made.dcm": content}))
    except RecordError as error:
        assert len(error.sentence.split()) <= 25, error.sentence
        return False
    return record.signal.size > 0


def read_damaged(content: bytes, count: int) -> int:
    """Give how many damaged copies still gave a record."""
    assert survived(content)
    return sum(survived(damaged) for damaged in mutations(content, count, seed=11))


def small(syntax: str = "1.2.840.10008.1.2.1") -> bytes:
    """Give a small object, of which most is structure."""
    counts = np.arange(400).reshape(2, 200) % 100
    group = made_group(counts, [made_channel("I"), made_channel("II")], WaveformPaddingValue=b"\0\x80")
    return made_dicom([group], syntax)


def packed() -> bytes:
    """Give an object of the deflated transfer syntax."""
    return with_body(deflated(open_body("made.dcm", small()).content), "1.2.840.10008.1.2.1.99")


def test_a_thousand_damaged_objects_give_records_or_refusals(real: Real) -> None:
    assert 0 < read_damaged(small(), 460) < 460
    assert 0 < read_damaged(small(ImplicitVRLittleEndian), 300) < 300
    assert 0 < read_damaged(packed(), 200) < 200
    assert 0 < read_damaged((real("formats") / "dicom" / "ecgtoolkit_Example.dcm").read_bytes(), 40) < 40


@pytest.mark.slow
def test_a_hundred_thousand_damaged_objects_give_records_or_refusals() -> None:
    assert read_damaged(small(), 50_000) > 0
    assert read_damaged(small(ImplicitVRLittleEndian), 40_000) > 0
    assert read_damaged(packed(), 10_000) > 0
