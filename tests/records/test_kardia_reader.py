"""The Kardia reader: the maker's own test recordings, made ones with 1, 6 and 12 leads, damage by kind."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.records.read import read_records
from ecgssl_core.signals.leads import LEADS
from tests.records import made_kardia as made
from tests.records.outcome import record_of, refused_kind

Real = Callable[[str], Path]

BLOCKS = (b"ecg ", *(b"ecg" + digit for digit in (b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9", b"a", b"b", b"c")))
COUNTS = np.random.default_rng(6).integers(-3000, 3000, (12, 900))


@pytest.mark.parametrize(
    ("file", "leads", "samples", "place"),
    [
        ("atc2json_normal-v2.atc", 1, 9000, 316),
        ("atc2json_test_AFib_ef.atc", 1, 8999, 316),
        ("atc2json_test_NSR_ef.atc", 1, 8999, 316),
        ("atcpy_1_lead.atc", 1, 9000, 316),
        ("atcpy_6_lead.atc", 6, 9000, 316),
        ("atcpy_6_lead_ab.atc", 6, 9000, 316),
    ],
)
def test_the_makers_own_recordings_are_read(real: Real, file: str, leads: int, samples: int, place: int) -> None:
    content = (real("formats") / "kardia" / file).read_bytes()
    record = record_of(content)
    assert (record.rate, record.leads, record.signal.shape) == (300.0, LEADS[:leads], (leads, samples))
    assert set(record.units.values()) == {"file"}
    for at in range(leads):  # the specification's table of offsets: blocks of the same length, one behind the other
        expected = np.frombuffer(content, "<i2", samples, place + at * (2 * samples + 12)) * 0.0005
        np.testing.assert_allclose(record.signal[at], expected, atol=1e-6)


def test_limb_leads_of_the_makers_six_obey_einthoven(real: Real) -> None:
    record = record_of((real("formats") / "kardia" / "atcpy_6_lead.atc").read_bytes())
    one, two, three, right, left, foot = record.signal
    np.testing.assert_allclose(three, two - one, atol=0.0011)
    np.testing.assert_allclose(right, -(one + two) / 2, atol=0.0011)
    np.testing.assert_allclose(left, (one - three) / 2, atol=0.0011)
    np.testing.assert_allclose(foot, (two + three) / 2, atol=0.0011)
    assert record.derived == ()


def test_the_makers_recording_with_a_wrong_checksum_is_broken(real: Real) -> None:
    (refusal,) = read_records(
        {"x.atc": (real("formats") / "kardia" / "atcpy_broken_checksum.atc").read_bytes()}
    ).refused
    assert refusal.kind == "BROKEN"
    assert "lead I " in refusal.sentence


def test_nothing_of_the_block_that_tells_of_phone_and_day_leaves_a_recording(real: Real) -> None:
    record = record_of((real("formats") / "kardia" / "atcpy_1_lead.atc").read_bytes())
    for word in ("2016", "SM-N9", "cb7e7daa", "aliveecg"):
        assert word not in repr(record)
    assert (record.age, record.sex, record.name) == (None, None, "made")


@pytest.mark.parametrize("leads", [1, 2, 6, 12])
@pytest.mark.parametrize("signed", [False, True])
def test_leads_come_back_as_written(leads: int, signed: bool) -> None:
    blocks = [made.lead(what, row, signed) for what, row in zip(BLOCKS[:leads], COUNTS, strict=False)]
    beat = made.block(b"avg ", bytes(900))
    record = record_of(made.recording(made.form(nanovolts=1000), *blocks, beat, made.block(b"ann ", b"\x2c\1\0\0")))
    np.testing.assert_allclose(record.signal[:leads], COUNTS[:leads] * 0.001, rtol=1e-6, atol=1e-9)
    assert record.leads[:leads] == LEADS[:leads]
    assert record.lsb_mv[0] == pytest.approx(0.001)


def test_a_recording_cut_short_is_shown_as_far_as_it_goes() -> None:
    whole = made.recording(made.form(), made.lead(BLOCKS[0], COUNTS[0]), made.lead(BLOCKS[1], COUNTS[1]))
    record = record_of(whole[:-500])
    assert record.leads == ("I",)
    (issue,) = [issue for issue in record.issues if issue.severity == "block"]
    assert (issue.kind, "first leads" in issue.sentence) == ("PART", True)
    record = record_of(made.recording(made.form(), made.lead(BLOCKS[0], COUNTS[0]))[:-1004])
    assert record.signal.shape == (1, 400)
    assert any("promises 900 samples and holds 400" in issue.sentence for issue in record.issues)


def test_a_recording_without_a_resolution_is_asked_about() -> None:
    record = record_of(made.recording(made.form(nanovolts=0), made.lead(BLOCKS[0], COUNTS[0])))
    assert [issue.kind for issue in record.issues if issue.severity == "block"] == ["ASK-UNIT"]


LEAD = made.lead(BLOCKS[0], COUNTS[0])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(made.recording(made.form(), LEAD, version=6), "FORMAT", id="version of tomorrow"),
        pytest.param(made.recording(made.form(kind=2), LEAD), "FORMAT", id="other form of samples"),
        pytest.param(made.recording(made.form()), "EMPTY", id="no lead"),
        pytest.param(made.recording(LEAD), "BROKEN", id="no fmt block"),
        pytest.param(made.recording(made.form(), LEAD, LEAD), "BROKEN", id="a lead twice"),
        pytest.param(made.recording(made.form(rate=0), LEAD), "BROKEN", id="rate 0"),
        pytest.param(made.recording(made.form(), made.lead(BLOCKS[0], COUNTS[0, :0])), "BROKEN", id="no sample"),
        pytest.param(made.recording(made.form(), LEAD[:-1] + b"\x7f"), "BROKEN", id="checksum wrong"),
        pytest.param(
            made.recording(made.form(), LEAD, made.lead(BLOCKS[1], COUNTS[1, :7])), "BROKEN", id="leads of two lengths"
        ),
        pytest.param(made.recording(made.form(), LEAD)[:10], "FORMAT", id="mark only"),
        pytest.param(made.recording(b"ecg \xff\xff\xff\xff" + bytes(99)), "BROKEN", id="4 GB block, no fmt"),
    ],
)
def test_a_hostile_or_damaged_recording_is_refused_by_kind(content: bytes, kind: str) -> None:
    assert refused_kind(content) == kind
