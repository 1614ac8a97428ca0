"""Philips' XML: real exports against oracles and the machine's own measurements, made ones with one thing odd."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ecgdatakit.parsing.parser import FileParser

from ecgssl_core.records.xml_tree import parse
from ecgssl_core.signals.leads import LEADS
from tests.records import made_xml
from tests.records.made_xml import philips, twelve
from tests.records.outcome import blocking_kind, record_of

Real = Callable[[str], Path]
FILES = [
    ("sierra_1_03_129DYPRG.XML", "1.03", 50.0, "male", 5264),
    ("sierra_1_03_repbeats_example.xml", "1.03", 50.0, "male", 5264),
    ("sierra_1_04_01_2020-5-18_15-48-11.xml", "1.04.01", 69.0, None, 5300),
    ("sierra_1_04_3191723_ZZDEMOPTONLY_1-04_orig.xml", "1.04", 60.0, "male", 5300),
]


@pytest.mark.parametrize(("file", "version", "age", "sex", "samples"), FILES)
def test_real_exports_give_what_ecgdatakit_gives_but_for_the_calibration_pulse(
    real: Real, file: str, version: str, age: float, sex: str | None, samples: int
) -> None:
    path = real("formats") / "philips" / file
    record = record_of(path.read_bytes())
    assert (record.leads, record.rate, record.age, record.sex, record.format, record.signal.shape) == (
        LEADS, 500.0, age, sex, f"Philips Sierra XML {version}", (12, samples),
    )  # fmt: skip
    assert record.derived == ()
    for lead in FileParser().parse(path).leads:
        assert (lead.units, len(lead.samples)) == ("mV", 5500)
        row = record.signal[LEADS.index(lead.label)]
        np.testing.assert_allclose(row, lead.samples[:samples], atol=1e-5)
    assert [(issue.kind, issue.severity) for issue in record.issues] == [("QUAL", "note")]


@pytest.mark.parametrize("file", [FILES[0][0], FILES[2][0], FILES[3][0]])
def test_a_count_is_as_many_microvolts_as_the_machines_own_measurements_say(real: Real, file: str) -> None:
    content = (real("formats") / "philips" / file).read_bytes()
    record = record_of(content)
    root = parse(file, content, "restingecgdata")
    measured = root.at("measurements", "leadmeasurements") or root.at("internalmeasurements", "leadmeasurements")
    assert measured is not None
    ratios = [
        np.percentile(record.signal[LEADS.index(lead.said("leadname"))], 99.9) / (float(lead.word("ramp")) / 1000)
        for lead in measured.all("leadmeasurement")
        if float(lead.word("ramp")) > 400
    ]
    assert len(ratios) >= 3
    assert 0.75 < np.median(ratios) < 1.35


@pytest.mark.parametrize("compressed", [True, False])
def test_a_made_export_gives_its_leads_back(compressed: bool) -> None:
    patient = "<age><years>97</years></age><sex>Female</sex><name><lastname>Nobody</lastname></name>"
    record = record_of(philips(patient=patient, compressed=compressed))
    np.testing.assert_allclose(record.signal, twelve() * 0.005, atol=1e-6)
    assert (record.leads, record.age, record.sex) == (LEADS, 90.0, "female")
    assert "Nobody" not in repr(record)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_an_export_in_utf_16_is_read(encoding: str) -> None:  # 54
    text = philips().decode().replace("UTF-8", "UTF-16")
    content = text.encode(encoding) if encoding == "utf-16" else b"\xfe\xff" + text.encode(encoding)
    np.testing.assert_array_equal(record_of(content).signal, record_of(philips()).signal)


def test_leads_follow_their_labels_and_not_their_places() -> None:
    order = [0, 1, 6, 7, 8, 9, 10, 11, 2, 3, 4, 5]
    rows, limb = twelve(), made_xml.xli(twelve())
    blocks, at = [], 0
    while at < len(limb):
        size = 8 + int.from_bytes(limb[at : at + 4], "little")
        blocks.append(limb[at : at + size])
        at += size
    packed = b"".join(blocks[place] for place in order)
    labels = " ".join(LEADS[place] for place in order)
    np.testing.assert_allclose(
        record_of(philips(packed=packed, odd={"leadlabels": labels})).signal, rows * 0.005, atol=1e-6
    )


def test_idle_channels_behind_the_leads_are_left_alone() -> None:
    idle = made_xml.xli(np.zeros((4, 600), dtype=np.int64), limb=False)
    record = record_of(philips(packed=made_xml.xli(twelve()) + idle))
    np.testing.assert_allclose(record.signal, twelve() * 0.005, atol=1e-6)


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        ({"resolution": ""}, "ASK-UNIT"),  # 58
        ({"resolution": "0"}, "BROKEN"),
        ({"resolution": "-5"}, "BROKEN"),
        ({"resolution": "1e9"}, "BROKEN"),
        ({"durationperchannel": "1198"}, "BROKEN"),  # 57
        ({"durationperchannel": "1202"}, "BROKEN"),
        ({"durationperchannel": ""}, "BROKEN"),
        ({"durationperchannel": "999999999999"}, "LIMIT"),
        ({"samplespersecond": "1e12"}, "LIMIT"),
        ({"samplespersecond": "-500"}, "BROKEN"),
        ({"numberofleads": "13"}, "BROKEN"),
        ({"numberofleads": "100000000"}, "LIMIT"),
        ({"leadlabels": ""}, "FORMAT"),
        ({"leadlabels": " ".join(reversed(LEADS))}, "FORMAT"),
        ({"leadlabels": " ".join(("I", "II", *LEADS[1:11]))}, "ASK-LEAD"),
        ({"bitspersample": "12"}, "FORMAT"),
        ({"signalsigned": "False"}, "FORMAT"),
        ({"dataencoding": "Plain"}, "FORMAT"),
        ({"compression": "Other"}, "FORMAT"),
        ({"compression": "Uncompressed"}, "BROKEN"),
    ],
)
def test_an_odd_export_is_refused_or_asked_about_by_kind(odd: dict[str, str], kind: str) -> None:
    assert blocking_kind(philips(odd=odd)) == kind


def test_a_file_of_another_version_or_without_waveforms_is_refused_by_kind() -> None:
    assert blocking_kind(philips(version="2.0")) == "FORMAT"
    assert blocking_kind(philips(packed=b"")) == "EMPTY"
    assert blocking_kind(philips(packed=made_xml.xli(twelve())[:-9])) == "BROKEN"
    assert blocking_kind(philips(packed=b"\x7f" * 40)) == "BROKEN"  # 60


def test_uncompressed_limb_leads_that_are_differences_are_not_taken_for_leads() -> None:
    rows = twelve()
    rows[2:6] = 0
    assert blocking_kind(philips(rows, compressed=False)) == "BROKEN"


def test_uncompressed_leads_without_names_are_asked_about() -> None:
    assert blocking_kind(philips(compressed=False, odd={"leadlabels": ""})) == "ASK-LEAD"


def test_an_offset_is_told_and_not_applied() -> None:
    record = record_of(philips(odd={"signaloffset": "100"}))
    np.testing.assert_allclose(record.signal, twelve() * 0.005, atol=1e-6)
    assert [issue.severity for issue in record.issues] == ["warn"]


@pytest.mark.parametrize(
    ("patient", "age"),
    [
        ('<age defaultage="50"><dateofbirth>1950-06-16</dateofbirth></age>', 69.0),
        ('<age defaultage="50"/>', None),
        ("<age><dateofbirth>1950-13-99</dateofbirth></age>", None),
        ("<age><years>3</years></age>", 3.0),
    ],
)
def test_an_age_is_never_the_machines_default(patient: str, age: float | None) -> None:
    assert record_of(philips(patient=patient)).age == age
