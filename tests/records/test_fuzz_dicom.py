"""Damaged DICOM objects: each gives a record or a refusal, never another error, a warning or a hang."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import ImplicitVRLittleEndian

from ecgssl_core.records.dicom_structure import open_body
from ecgssl_core.records.readers import dicom
from tests.records.damaged import still_read
from tests.records.dicom_files import deflated, made_channel, made_dicom, made_group, with_body

Real = Callable[[str], Path]


def small(syntax: str = "1.2.840.10008.1.2.1") -> bytes:
    """Give a small object, of which most is structure."""
    counts = np.arange(400).reshape(2, 200) % 100
    group = made_group(counts, [made_channel("I"), made_channel("II")], WaveformPaddingValue=b"\0\x80")
    return made_dicom([group], syntax)


def packed() -> bytes:
    """Give an object of the deflated transfer syntax."""
    return with_body(deflated(open_body("made.dcm", small()).content), "1.2.840.10008.1.2.1.99")


def test_a_thousand_damaged_objects_give_records_or_refusals(real: Real) -> None:
    assert 0 < still_read(dicom, small(), 460) < 460
    assert 0 < still_read(dicom, small(ImplicitVRLittleEndian), 300) < 300
    assert 0 < still_read(dicom, packed(), 200) < 200
    assert 0 < still_read(dicom, (real("formats") / "dicom" / "ecgtoolkit_Example.dcm").read_bytes(), 40) < 40


@pytest.mark.slow
def test_a_hundred_thousand_damaged_objects_give_records_or_refusals() -> None:
    assert still_read(dicom, small(), 50_000) > 0
    assert still_read(dicom, small(ImplicitVRLittleEndian), 40_000) > 0
    assert still_read(dicom, packed(), 10_000) > 0
