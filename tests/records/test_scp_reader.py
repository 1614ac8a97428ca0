"""The SCP-ECG reader: real records beside their twins in other formats, every form of samples, every damage by kind."""

import binascii
import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from ecgdatakit import FileParser
from hypothesis import given, settings
from hypothesis import strategies as st

from ecgssl_core.records import scp_huffman
from ecgssl_core.records.read import read_records
from ecgssl_core.records.record import Record
from ecgssl_core.signals.leads import LEADS
from tests.records import made_scp as made
from tests.records.outcome import record_of, refused_kind

Real = Callable[[str], Path]

STANDARD = (19999).to_bytes(2, "little")
CODES = (1, 2, 3, 4, 5, 6, 7, 8)  # I, II, V1 to V6
STORED = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
SAMPLES = 1000


def rows(samples: int = SAMPLES) -> np.ndarray:
    """Eight leads as counts of 5 µV, (8, samples): slow waves and noise."""
    chance = np.random.default_rng(3)
    waves = 300 * np.sin(np.arange(samples) / 40 + np.arange(8)[:, None])
    return np.rint(waves + chance.normal(size=(8, samples)) * 20).astype(np.int64)


def lines(samples: int = SAMPLES) -> list[tuple[int, int, int]]:
    return [(1, samples, code) for code in CODES]


@cache
def simple() -> dict[int, bytes]:
    """The sections of a small record in the standard's own codes."""
    return {2: STANDARD, 3: made.leads(lines()), 6: made.block([made.coded(row, 2) for row in rows()], order=2)}


def counts(record: Record) -> np.ndarray:
    kept = [record.leads.index(lead) for lead in STORED]
    return np.rint(record.signal[kept] / np.float32(0.005)).astype(np.int64)


@pytest.mark.parametrize("file", ["scp/ecgtoolkit_Example.scp", "hl7aecg/ecgtoolkit_Example.xml"])
def test_an_ecg_is_the_same_within_a_tenth_of_a_count_as_another_reader_has_it(real: Real, file: str) -> None:
    content = (real("formats") / "scp" / "ecgtoolkit_Example.scp").read_bytes()
    record = record_of(content)
    other = FileParser().parse(real("formats") / file)
    assert (record.rate, record.leads, record.age, record.sex) == (500.0, LEADS, 49.0, "male")
    assert set(record.units.values()) == {"file"}
    assert {lead.label for lead in other.leads} == set(LEADS)
    for lead in other.leads:
        np.testing.assert_allclose(record.signal[record.leads.index(lead.label)], lead.samples, atol=2.5e-4)


def test_nothing_of_a_person_but_age_and_sex_leaves_a_record(real: Real) -> None:
    content = (real("formats") / "scp" / "ecgtoolkit_Example.scp").read_bytes()
    other = FileParser().parse(real("formats") / "scp" / "ecgtoolkit_Example.scp")
    told = repr(record_of(content))
    assert other.patient.last_name
    assert other.patient.patient_id
    for word in (other.patient.last_name, other.patient.patient_id, "1953", "2002"):
        assert word not in told


def test_a_record_whose_length_fields_were_too_short_is_shown_as_far_as_it_goes(real: Real) -> None:
    folder = real("formats")
    record = record_of((folder / "scp" / "rigacci_contec_0000050.scp").read_bytes())
    (issue,) = [issue for issue in record.issues if issue.severity == "block"]
    assert (issue.kind, "37855" in issue.sentence, "32767" in issue.sentence) == ("PART", True, True)
    stored = np.frombuffer((folder / "contec" / "0000050.ECG").read_bytes(), "<u2", 32767 * 8, 43).reshape(-1, 8)
    for lead, column in (("II", 0), ("III", 1)):
        expected = (stored[:, column].astype(np.int64) - 2048) * 0.005
        np.testing.assert_allclose(record.signal[record.leads.index(lead)], expected, atol=1e-5)
    assert record.rate == 800.0


def test_a_makers_own_layout_under_the_standards_name_is_refused_for_that_reason(real: Real) -> None:
    (refusal,) = read_records({"62.SCP": (real("formats") / "scp" / "healforce_62.SCP").read_bytes()}).refused
    assert refusal.kind == "FORMAT"
    assert "maker's own layout" in refusal.sentence


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize(
    ("coding", "two"),
    [
        (made.plain, None),  # 48 uncompressed section 6
        (made.coded, STANDARD),
        (made.coded_by_two_tables, made.tables(made.TWO_TABLES)),
    ],
    ids=["48 uncompressed", "standard codes", "two tables"],
)
def test_samples_come_back_as_written(order: int, coding: Callable[..., bytes], two: bytes | None) -> None:
    bodies = {3: made.leads(lines()), 6: made.block([coding(row, order) for row in rows()], order=order)}
    record = record_of(made.record(bodies | ({2: two} if two else {})))
    np.testing.assert_array_equal(counts(record), rows())
    assert (record.rate, record.leads, record.format) == (500.0, LEADS, "SCP-ECG 2.0")
    assert record.lsb_mv == (0.005,) * 12


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.integers(-9, 9), st.integers(-32768, 32767)), min_size=1, max_size=80),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([made.plain, made.coded, made.coded_by_two_tables]),
)
def test_any_16_bit_samples_come_back_as_written(
    row: list[int], order: int, coding: Callable[[np.ndarray, int], bytes]
) -> None:
    samples = np.array(row, np.int64)
    bodies = {3: made.leads([(1, len(row), 1)]), 6: made.block([coding(samples, order)], order=order)}
    if coding is made.coded:
        bodies[2] = STANDARD
    if coding is made.coded_by_two_tables:
        bodies[2] = made.tables(made.TWO_TABLES)
    np.testing.assert_allclose(record_of(made.record(bodies)).signal[0], samples * 0.005, rtol=1e-6, atol=1e-6)


def test_leads_longer_than_a_length_field_can_say_are_read_where_the_section_holds_them() -> None:
    long = rows(40_000)
    bodies = {3: made.leads(lines(40_000)), 6: made.block([made.plain(row) for row in long])}
    np.testing.assert_array_equal(counts(record_of(made.record(bodies))), long)


BEATS = [(0, 80, 120, 190), (1, 0, 400, 0), (0, 550, 600, 680)]  # the second one is of another shape
ZONES = [(101, 140), (381, 420), (581, 620)]


def subtracted(row: np.ndarray, shape: np.ndarray) -> np.ndarray:
    rest = row.copy()
    for kind, first, fiducial, last in BEATS:
        if kind == 0:
            origin = fiducial - 60 + 1
            rest[first - 1 : last] -= shape[first - origin : last - origin + 1]
    return rest


def test_a_subtracted_beat_is_added_again_and_another_reader_agrees(tmp_path: Path) -> None:
    shape = np.rint(400 * np.exp(-(((np.arange(150) - 60) / 9) ** 2))).astype(np.int64)
    bodies = {
        2: STANDARD,
        3: made.leads(lines(), subtracted=True),
        4: made.beats(300, 60, BEATS, ZONES),
        5: made.block([made.coded(shape, 2)] * 8, nanovolts=2500, order=2),
        6: made.block([made.coded(subtracted(2 * row, shape) // 2 * 1, 1) for row in rows()], order=1),
    }
    # residuals of 5 µV a count, the beat in 2.5 µV: what comes back is their sum
    expected = np.stack([2 * (subtracted(2 * row, shape) // 2) for row in rows()])
    for kind, first, fiducial, last in BEATS:
        if kind == 0:
            expected[:, first - 1 : last] += shape[first - fiducial + 59 : last - fiducial + 60]
    (tmp_path / "made.scp").write_bytes(made.record(bodies))
    record = record_of(made.record(bodies))
    kept = [record.leads.index(lead) for lead in STORED]
    np.testing.assert_array_equal(np.rint(record.signal[kept] / np.float32(0.0025)), expected)
    assert record.lsb_mv[0] == 0.0025
    for lead in FileParser().parse(tmp_path / "made.scp").leads:
        np.testing.assert_allclose(record.signal[record.leads.index(lead.label)], lead.samples, atol=1e-5)


def bimodal(written: list[tuple[int, int]] = ZONES, leads: int = 8) -> bytes:
    """A record that keeps all samples in ZONES and the mean of each four between them; `written` says its zones."""
    protected = np.zeros(SAMPLES, bool)
    for first, last in ZONES:
        protected[first - 1 : last] = True
    parts = []
    for row in smooth()[:leads]:
        stored, at = [], 0
        while at < SAMPLES:
            width = 1 if protected[at] else 4
            stored.append(round(float(row[at : at + width].mean())))
            at += width
        parts.append(made.coded(np.array(stored), 1))
    found = [(1, 0, 120, 0), (1, 0, 400, 0), (1, 0, 600, 0)]
    return made.record(
        {
            2: STANDARD,
            3: made.leads(lines()[:leads]),
            4: made.beats(300, 60, found, written),
            5: made.block([made.coded(np.zeros(150, np.int64))] * leads),
            6: made.block(parts, interval=8000, order=1, both=1),
        }
    )


def smooth() -> np.ndarray:
    """Eight leads with sharp beats in the protected zones only."""
    slow = 300 * np.sin(np.arange(SAMPLES) / 60 + np.arange(8)[:, None])
    sharp = sum(500 * np.exp(-(((np.arange(SAMPLES) - middle) / 4) ** 2)) for middle in (120, 400, 600))
    return np.asarray(np.rint(slow + sharp).astype(np.int64))


def test_bimodal_samples_are_exact_in_protected_zones_and_near_between_them() -> None:
    record = record_of(bimodal())
    assert record.rate == 500.0
    difference = np.abs(counts(record) - smooth())
    for first, last in ZONES:
        assert not difference[:, first - 1 : last].any()
    assert difference.max() <= 9  # of a slope of 5 counts a sample, half a block from the nearest stored value
    assert any("one of 4 samples" in issue.sentence for issue in record.issues)


def test_leads_that_were_recorded_one_after_another_keep_their_time() -> None:
    two = [(1, 500, 1), (501, 1000, 2)]
    parts = [made.plain(row[:500]) for row in rows()[:2]]
    record = record_of(made.record({3: made.leads(two), 6: made.block(parts)}))
    assert record.signal.shape == (6, 1000)
    assert np.isfinite(record.signal[0, :500]).all()
    assert np.isnan(record.signal[0, 500:]).all()
    assert any("not recorded at the same time" in issue.sentence for issue in record.issues)


@pytest.mark.parametrize(
    ("interval", "rate"),
    [(2000, 500.0), (1250, 800.0), (4166, 240.0), (4167, 240.0), (1953, 512.0), (15000, 1e6 / 15000)],
)
def test_an_interval_in_whole_microseconds_stands_for_a_whole_rate(interval: int, rate: float) -> None:
    bodies = {3: made.leads(lines()), 6: made.block([made.plain(row) for row in rows()], interval=interval)}
    assert record_of(made.record(bodies)).rate == pytest.approx(rate, rel=1e-9)


@pytest.mark.parametrize(
    ("code", "lead"),
    [(61, "III"), (62, "aVR"), (63, "aVL"), (64, "aVF"), (65, "aVR"), (9, "V7"), (12, "V4R"), (70, "Nehb D")],
)
def test_lead_codes_become_names(code: int, lead: str) -> None:
    bodies = {3: made.leads([(1, SAMPLES, 3), (1, SAMPLES, code)]), 6: made.block([made.plain(rows()[0])] * 2)}
    record = record_of(made.record(bodies))
    assert lead in (*record.leads, *record.aside)
    if code == 65:
        np.testing.assert_array_equal(
            record.signal[record.leads.index("aVR")], -record.signal[record.leads.index("V1")]
        )


def test_channels_of_calibration_are_left_out_and_said() -> None:
    bodies = {3: made.leads([(1, SAMPLES, 1), (1, SAMPLES, 31)]), 6: made.block([made.plain(rows()[0])] * 2)}
    record = record_of(made.record(bodies))
    assert record.leads == ("I",)
    assert any("calibration" in issue.sentence for issue in record.issues)


def test_an_unknown_lead_is_asked_about_and_a_missing_amplitude_too() -> None:
    bodies = {3: made.leads([(1, SAMPLES, 0)]), 6: made.block([made.plain(rows()[0])], nanovolts=0)}
    assert {issue.kind for issue in record_of(made.record(bodies)).issues} == {"ASK-LEAD", "ASK-UNIT"}


@pytest.mark.parametrize(
    ("tags", "age", "sex"),
    [
        ([(4, struct.pack("<HB", 71, 1)), (8, b"\x02")], 71.0, "female"),
        ([(4, struct.pack("<HB", 18, 2)), (8, b"\x01")], 1.5, "male"),
        ([(5, struct.pack("<HBB", 1960, 6, 2)), (25, struct.pack("<HBB", 2020, 6, 1))], 59.0, None),
        ([(5, struct.pack("<HBB", 1900, 1, 1)), (25, struct.pack("<HBB", 2020, 6, 1))], 90.0, None),
        ([(5, struct.pack("<HBB", 1960, 13, 2)), (25, b"\0"), (8, b"")], None, None),
        ([(8, b"\x01"), (13, b"cut")], None, "male"),
        ([(4, struct.pack("<HB", 0, 0)), (0, b"Nobody\0"), (2, b"4711\0")], None, None),
    ],
)
def test_age_and_sex_are_all_that_is_taken_from_section_1(
    tags: list[tuple[int, bytes]], age: float | None, sex: str | None
) -> None:
    body = b"".join(struct.pack("<BH", tag, len(value)) + value for tag, value in tags)
    body = body[:-1] if tags[-1][1] == b"cut" else body + b"\xff\0\0"
    record = record_of(made.record(simple() | {1: body}))
    assert (record.age, record.sex) == (age, sex)
    assert "Nobody" not in repr(record)
    assert "4711" not in repr(record)


def changed(at: int, value: bytes, seal: bool = True) -> bytes:
    content = bytearray(made.record(simple()))
    content[at : at + len(value)] = value
    return made.sealed(bytes(content)) if seal else bytes(content)


def pointer(section: int) -> int:
    return 22 + 10 * section


def far() -> bytes:
    return changed(pointer(6) + 6, (10**6).to_bytes(4, "little"))


def sealed_outside() -> bytes:
    """Damage in section 6 under a record's checksum that fits it."""
    content = bytearray(changed(900, b"\xaa\xbb", seal=False))
    content[:2] = binascii.crc_hqx(content[2:], 0xFFFF).to_bytes(2, "little")
    return bytes(content)


def beaten(
    found: list[tuple[int, int, int, int]], nanovolts: int = 5000, interval: int = 2000, shape: int = 150, cut: int = 0
) -> bytes:
    """A record from which a beat was subtracted, with sections 4 and 5 to add it."""
    four = made.beats(300, 60, found, [(0, 0)] * len(found))
    bodies = {
        3: made.leads(lines(), subtracted=True),
        4: four[: len(four) - cut],
        5: made.block([bytes(2 * shape)] * 8, nanovolts, interval),
        6: made.block([made.plain(row) for row in rows()]),
    }
    return made.record(bodies)


def overlapping() -> bytes:
    content = made.record(simple())
    place = int.from_bytes(content[pointer(6) + 6 : pointer(6) + 10], "little")
    return changed(pointer(6) + 6, (place - 4).to_bytes(4, "little"))


ENDLESS = made.tables([[(0, 0, 1, 0, 0)]])
CIRCLE = made.tables([[(1, 1, 0, 2, 0), (1, 1, 0, 2, 1)], [(1, 1, 0, 1, 0), (1, 1, 0, 1, 1)]])
NOWHERE = made.tables([[(1, 1, 0, 2, 0), (1, 1, 1, 0, 1)]])
ALIKE = made.tables([[(1, 1, 1, 0, 0), (2, 2, 1, 1, 0b01)]])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(changed(900, b"\xaa\xbb", seal=False), "BROKEN", id="44 CRC wrong"),
        pytest.param(far(), "BROKEN", id="45 section pointer past end"),
        pytest.param(overlapping(), "BROKEN", id="46 pointers overlap"),
        pytest.param(made.record(simple() | {2: ENDLESS}), "LIMIT", id="47 Huffman table endless"),
        pytest.param(made.record(simple() | {2: CIRCLE}), "BROKEN", id="47 Huffman tables in a circle"),
        pytest.param(made.record(simple() | {2: (60000).to_bytes(2, "little")}), "LIMIT", id="47 too many tables"),
        pytest.param(made.record(simple() | {2: ALIKE}), "BROKEN", id="codes that begin alike"),
        pytest.param(made.record(simple() | {2: made.tables([[(40, 40, 1, 0, 1)]])}), "BROKEN", id="code of 40 bits"),
        pytest.param(made.record(simple() | {2: b"\1\0\5\0\1"}), "BROKEN", id="table cut"),
        pytest.param(made.record(simple() | {2: b"\0\0"}), "BROKEN", id="no table"),
        pytest.param(bimodal(written=[(101, 140), (381, 4200), (581, 620)]), "BROKEN", id="49 zone past end"),
        pytest.param(bimodal(written=[(140, 101), (381, 420), (581, 620)]), "BROKEN", id="49 zone backwards"),
        pytest.param(bimodal(written=[(1, 1000), (381, 420), (581, 620)]), "BROKEN", id="49 zone too long"),
        pytest.param(made.record(simple())[:-3], "BROKEN", id="cut"),
        pytest.param(made.record(simple())[:30], "BROKEN", id="cut in its head"),
        pytest.param(made.record({2: STANDARD, 3: made.leads(lines())}), "EMPTY", id="no section 6"),
        pytest.param(made.record({key: simple()[key] for key in (2, 6)}), "BROKEN", id="no section 3"),
        pytest.param(made.record(simple() | {3: b"\0\4"}), "EMPTY", id="no lead"),
        pytest.param(made.record(simple() | {3: b"\xc8\4"}), "LIMIT", id="200 leads"),
        pytest.param(made.record(simple() | {3: made.leads([(9, 1, 1)])}), "BROKEN", id="lead backwards"),
        pytest.param(made.record(simple() | {3: made.leads([(1, 2**32 - 1, 1)])}), "LIMIT", id="4e9 samples"),
        pytest.param(made.record(simple() | {3: made.leads(lines(900_000))}), "BROKEN", id="samples without bytes"),
        pytest.param(made.record(simple() | {3: made.leads(lines(), True)}), "BROKEN", id="no beat to add"),
        pytest.param(made.record(simple() | {6: made.block([b""] * 8, interval=0)}), "BROKEN", id="interval 0"),
        pytest.param(made.record(simple() | {6: made.block([b""] * 8, order=3)}), "BROKEN", id="third differences"),
        pytest.param(sealed_outside(), "BROKEN", id="CRC of a section wrong"),
        pytest.param(changed(pointer(2), b"\3\0"), "BROKEN", id="a section twice"),
        pytest.param(changed(pointer(2), b"\5\0"), "BROKEN", id="pointer to another section"),
        pytest.param(changed(8, b"\7\0"), "BROKEN", id="section 0 with another number"),
        pytest.param(made.record(simple() | {2: NOWHERE}), "BROKEN", id="code that leads to no table"),
        pytest.param(made.record(simple() | {3: made.leads(lines())[:40]}), "BROKEN", id="section 3 cut"),
        pytest.param(made.record(simple() | {6: made.block([bytes(99)] * 8)[:700]}), "BROKEN", id="leads cut"),
        pytest.param(beaten([(0, 80, 120, 190)], cut=1), "BROKEN", id="section 4 cut"),
        pytest.param(beaten([], cut=1), "BROKEN", id="section 4 cut in its head"),
        pytest.param(beaten([(0, 900, 980, 1010)]), "BROKEN", id="beat past end"),
        pytest.param(beaten([(0, 80, 120, 190)], nanovolts=0), "BROKEN", id="beat without amplitude"),
        pytest.param(beaten([(0, 80, 120, 190)], shape=20), "BROKEN", id="beat shorter than it says"),
        pytest.param(beaten([(0, 80, 120, 190)], interval=1999), "FORMAT", id="rates that do not fit"),
        pytest.param(made.record(simple() | {6: b"\0" * 9}), "BROKEN", id="section 6 cut"),
        pytest.param(
            made.record({3: made.leads([(1, 9, 1), (4 * 10**6, 4 * 10**6 + 8, 2)]), 6: made.block([bytes(18)] * 2)}),
            "BROKEN",
            id="leads an hour apart",
        ),
    ],
)
def test_a_hostile_or_damaged_record_is_refused_by_kind(content: bytes, kind: str) -> None:
    assert refused_kind(content) == kind


def test_the_standards_table_gives_the_values_of_its_printed_codes() -> None:
    tables = scp_huffman.read_tables("made", STANDARD)
    bits = "0" + "100" + "101" + "1100" + "1101" + "1111111100" + "1111111101" + "1111111110" + "10000000"
    stream = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    decoded = scp_huffman.decode(stream, 8, tables)
    assert decoded is not None
    assert decoded.tolist() == [0, 1, -1, 2, -2, 8, -8, -128]
    assert scp_huffman.decode(b"\xff", 1, tables) is None
    assert scp_huffman.decode(b"\0", 9, tables) is None
