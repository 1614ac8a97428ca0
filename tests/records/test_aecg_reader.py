"""HL7's annotated ECG: real files against oracles, one ECG in three formats, made ones with one thing odd."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ecgdatakit.parsing.parser import FileParser

from ecgssl_core.records.readers import aecg as aecg_reader
from ecgssl_core.signals.leads import LEADS
from tests.records.made_xml import aecg, twelve
from tests.records.outcome import blocking_kind, record_of

Real = Callable[[str], Path]


@pytest.mark.parametrize(
    ("file", "rate", "age", "sex", "step"),
    [
        ("ecgtoolkit_Example.xml", 500.0, 49.0, "male", 0.0025),
        ("ecgkit_ecg_hl7.xml", 500.0, 49.0, "male", 0.0025),
        ("liryc_hl7aecg_example.xml", 100.0, None, None, 0.005),
    ],
)
def test_real_files_give_the_rhythm_that_ecgdatakit_gives(
    real: Real, file: str, rate: float, age: float | None, sex: str | None, step: float
) -> None:
    path = real("formats") / "hl7aecg" / file
    record = record_of(path.read_bytes())
    assert (record.leads, record.rate, record.age, record.sex, record.seconds) == (LEADS, rate, age, sex, 10.0)
    assert (record.issues, record.derived, record.format) == ((), (), "HL7 aECG")
    assert record.lsb_mv == pytest.approx((step,) * 12)
    for lead in FileParser().parse(path).leads:
        np.testing.assert_allclose(record.signal[LEADS.index(lead.label)], lead.samples, atol=1e-5)


@pytest.mark.filterwarnings("ignore:Invalid value for VR UI")
def test_one_ecg_in_hl7_dicom_and_scp_is_one_record_within_a_count(real: Real) -> None:
    folder = real("formats")
    record = record_of((folder / "hl7aecg" / "ecgtoolkit_Example.xml").read_bytes())
    for other in ("hl7aecg/ecgtoolkit_Example.xml", "dicom/ecgtoolkit_Example.dcm", "scp/ecgtoolkit_Example.scp"):
        for lead in FileParser().parse(folder / other).leads:
            assert lead.units == "mV"
            # the DICOM file declares 0 as its padding, so the oracle takes every sample of 0 for a missing one
            told = np.nan_to_num(lead.samples)
            np.testing.assert_allclose(record.signal[LEADS.index(lead.label)], told, atol=0.0025 * 1.001)


def test_one_ecg_as_four_files_of_three_formats_has_one_digest_age_and_sex(real: Real) -> None:
    paths = [real("formats") / "hl7aecg" / f"{name}.xml" for name in ("ecgtoolkit_Example", "ecgkit_ecg_hl7")]
    paths += [real("formats") / "scp" / "ecgtoolkit_Example.scp", real("formats") / "dicom" / "ecgtoolkit_Example.dcm"]
    records = [record_of(path.read_bytes()) for path in paths]
    assert {(record.digest, record.age, record.sex) for record in records} == {(records[0].digest, 49.0, "male")}


def test_a_made_file_is_read_in_millivolts_with_its_origin() -> None:
    person = '<name>Nobody</name><administrativeGenderCode code="F"/><birthTime value="19200101"/>'
    record = record_of(aecg(origin='<origin value="0.5" unit="mV"/>', person=person))
    np.testing.assert_allclose(record.signal, twelve() * 0.0025 + 0.5, atol=1e-6)
    assert (record.leads, record.rate, record.age, record.sex) == (LEADS, 500.0, 90.0, "female")
    assert "Nobody" not in repr(record)


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        ({"scale": '<scale value="2.5"/>'}, "ASK-UNIT"),  # 58
        ({"scale": ""}, "ASK-UNIT"),  # 58
        ({"scale": '<scale value="2.5" unit="furlong"/>'}, "ASK-UNIT"),
        ({"scale": '<scale value="0" unit="uV"/>'}, "BROKEN"),
        ({"scale": '<scale value="nan" unit="uV"/>'}, "BROKEN"),
        ({"scale": '<scale value="1e9" unit="uV"/>'}, "BROKEN"),
        ({"scale": '<scale value="-2.5" unit="uV"/>'}, "QUAL"),
        ({"origin": '<origin value="5"/>'}, "BROKEN"),
        ({"origin": '<origin value="x" unit="uV"/>'}, "BROKEN"),
        ({"increment": ""}, "ASK-RATE"),
        ({"increment": '<increment value="0.002"/>'}, "ASK-RATE"),
        ({"increment": '<increment value="0" unit="s"/>'}, "BROKEN"),
        ({"increment": '<increment value="-0.002" unit="s"/>'}, "BROKEN"),
        ({"increment": '<increment value="inf" unit="s"/>'}, "BROKEN"),
        ({"rows": ["1 2 3"] * 11 + ["1 2"]}, "BROKEN"),  # 57
        ({"rows": ["1 2 3"] * 11 + ["1 x 3"]}, "BROKEN"),
        ({"rows": ["1 2 3"] * 11 + ["1 nan 3"]}, "BROKEN"),
        ({"rows": ["1 2 3"] * 11 + ["1 1e300 3"]}, "BROKEN"),
        ({"rows": [""] * 12}, "BROKEN"),
        ({"codes": ("I", "I", *LEADS[2:])}, "ASK-LEAD"),
        ({"rows": twelve()[:1], "codes": ("CONFIG",)}, "ASK-LEAD"),
        ({"series": "REPRESENTATIVE_BEAT"}, "NOPRED"),
    ],
)
def test_an_odd_file_is_refused_or_asked_about_by_kind(odd: dict, kind: str) -> None:
    assert blocking_kind(aecg(**odd)) == kind


def test_a_lead_of_too_many_digits_is_refused_before_they_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aecg_reader, "_MOST_DIGITS", 100)
    assert blocking_kind(aecg()) == "LIMIT"


def test_a_file_with_annotations_only_is_empty() -> None:
    assert blocking_kind(b'<AnnotatedECG xmlns="urn:hl7-org:v3"><component/></AnnotatedECG>') == "EMPTY"


@pytest.mark.parametrize(("value", "unit", "rate"), [("0.002", "s", 500.0), ("4", "ms", 250.0), ("1000", "us", 1000.0)])
def test_the_rate_follows_from_the_increment_in_its_unit(value: str, unit: str, rate: float) -> None:
    assert record_of(aecg(increment=f'<increment value="{value}" unit="{unit}"/>')).rate == rate


def test_of_several_rhythms_the_longest_is_read_and_averaged_beats_are_left_alone() -> None:
    short = aecg(twelve(100)).decode()
    start, end = short.index("<component><series>"), short.index("</AnnotatedECG>")
    beat = short[start:end].replace('"RHYTHM"', '"REPRESENTATIVE_BEAT"').replace("<digits>", "<digits>" + "9 " * 900)
    record = record_of(aecg(more=short[start:end] + beat))
    np.testing.assert_allclose(record.signal, twelve() * 0.0025, atol=1e-6)
    assert [(issue.kind, "2 rhythms" in issue.sentence) for issue in record.issues] == [("PART", True)]


def test_a_lead_that_is_stored_as_minus_avr_is_turned() -> None:
    codes = tuple("aVRneg" if lead == "aVR" else lead for lead in LEADS)
    np.testing.assert_allclose(record_of(aecg(codes=codes)).signal[3], -twelve()[3] * 0.0025, atol=1e-6)


@pytest.mark.parametrize(("seconds", "told"), [(1, 0), (2, 0), (9, 1)])
def test_samples_that_do_not_last_as_long_as_the_file_says_are_told(seconds: int, told: int) -> None:
    stated = f'<effectiveTime><low value="20200615120000"/><high value="2020061512000{seconds}"/></effectiveTime>'
    issues = record_of(aecg(stated=stated)).issues
    assert [(issue.kind, issue.severity) for issue in issues] == [("QUAL", "warn")] * told


@pytest.mark.parametrize(
    ("person", "more", "age"),
    [
        ('<birthTime value="19500616"/>', "", 69.0),
        ('<birthTime value="19500615"/>', "", 70.0),
        ('<birthTime value="2050"/>', "", None),
        ('<birthTime value="19501399"/>', "", None),
        ('<birthTime value="20250101"/>', "", None),
        ("", "46", 46.0),
        ('<birthTime value=""/>', "46", 46.0),
    ],
)
def test_the_age_follows_from_the_birth_date_or_is_the_reported_one(person: str, more: str, age: float | None) -> None:
    told = f'<code code="21612-7"/><value value="{more}" unit="a"/>'
    reported = f"<controlVariable><relatedObservation>{told}</relatedObservation></controlVariable>" if more else ""
    assert record_of(aecg(person=person, more=reported)).age == age
