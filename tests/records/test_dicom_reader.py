"""The DICOM reader: what it reads, against two libraries, and every damaged object by the kind of its sentence."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from ecgdatakit import FileParser
from pydicom.data import get_testdata_file
from pydicom.sr.codedict import codes
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from ecgssl_core.records.dicom_groups import WaveChannel
from ecgssl_core.records.dicom_leads import lead_of
from ecgssl_core.records.read import gather, read_records
from ecgssl_core.records.readers import dicom
from ecgssl_core.records.record import Issue, Record
from ecgssl_core.signals.leads import LEADS, canonical_lead
from tests.records.dicom_files import RATE, deflated, made_channel, made_dicom, made_group, nested, with_body
from tests.records.outcome import gravest_kind, record_of

Real = Callable[[str], Path]
COUNTS = np.rint(np.random.default_rng(0).normal(size=(2, 4 * RATE)) * 4000)
COUNT_MV = 0.0001
DEFLATED = DeflatedExplicitVRLittleEndian


def wave(counts: np.ndarray = COUNTS, kind: str = "<i2", first: dict[str, Any] | None = None, **odd: Any) -> bytes:
    """Give an object of leads I and II, whose first channel or whose group is odd."""
    one, two = first or {}, {**(first or {}), "code": "2:2", "meaning": ""}
    channels = [made_channel("I", **one), made_channel("II", **two)]
    return made_dicom([made_group(counts, channels, kind, **odd)])


def both(**odd: Any) -> bytes:
    """Give an object whose two channels are odd."""
    return made_dicom([made_group(COUNTS, [made_channel("I", **odd), made_channel("II", **odd)])])


def said(text: bytes, what: str) -> bytes:
    """Give an object in which the value of an element is a text that no writer writes."""
    content = wave(first={what: "1.23456789"})
    assert content.count(b"1.23456789") == 2
    return content.replace(b"1.23456789", text.ljust(10))


def headless(content: bytes, *, with_meta: bool) -> bytes:
    """Give an object without preamble and mark, and perhaps without the group that says how it is written."""
    return content[132:] if with_meta else content[144 + struct.unpack_from("<L", content, 140)[0] :]


def test_an_object_is_read_in_millivolts_under_its_leads_names() -> None:
    record = record_of(wave())
    np.testing.assert_allclose(record.signal[:2], COUNTS * COUNT_MV, atol=1e-7)
    assert (record.name, record.format, record.rate, record.seconds) == ("made", "DICOM 12-lead ECG", 500.0, 4.0)
    assert record.leads == LEADS[:6]
    assert record.derived == LEADS[2:6]
    assert record.lsb_mv[0] == pytest.approx(COUNT_MV)
    assert set(record.units.values()) == {"file"}


def described(channels: int) -> bytes:
    """Give an object that describes many channels and has two."""
    return made_dicom([made_group(COUNTS, [made_channel("I")] * channels)])


SHORT = COUNTS[:, :600]
NO_SENSITIVITY = {"ChannelSensitivity": None, "unit": None}
DIRECTORY = struct.pack("<HH2sHHH2sH", 4, 0x1130, b"CS", 0, 4, 0x1500, b"CS", 12) + b"..\\..\\secret"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(with_body(deflated(bytes(60 << 20)), DEFLATED), "LIMIT", id="32 deflate bomb"),
        pytest.param(with_body(deflated(bytes(9999))[:-4], DEFLATED), "BROKEN", id="32 deflated, cut"),
        pytest.param(with_body(b"\xff" * 50, DEFLATED), "BROKEN", id="32 deflated, damaged"),
        pytest.param(wave(NumberOfWaveformSamples=4_000_000_000), "BROKEN", id="33 4e9 samples"),
        pytest.param(wave(NumberOfWaveformSamples=1999), "BROKEN", id="33 a sample too many"),
        pytest.param(described(2000), "LIMIT", id="33 more channels described than any ECG has"),
        pytest.param(wave(NumberOfWaveformSamples=0), "BROKEN", id="33 no sample"),
        pytest.param(wave(NumberOfWaveformChannels=1), "BROKEN", id="33 one channel"),
        pytest.param(said(b"1e308", "ChannelSensitivity"), "BROKEN", id="34 sensitivity 1e308"),
        pytest.param(said(b"nan", "ChannelSensitivity"), "BROKEN", id="34 sensitivity NaN"),
        pytest.param(said(b"0", "ChannelSensitivity"), "BROKEN", id="34 sensitivity 0"),
        pytest.param(said(b"1e-300", "ChannelSensitivity"), "BROKEN", id="34 sensitivity 1e-300"),
        pytest.param(said(b"1\\2", "ChannelSensitivity"), "BROKEN", id="34 sensitivity twice"),
        pytest.param(said(b"inf", "ChannelSensitivityCorrectionFactor"), "BROKEN", id="34 correction inf"),
        pytest.param(said(b"nan", "ChannelBaseline"), "BROKEN", id="35 baseline NaN"),
        pytest.param(said(b"1e9", "ChannelBaseline"), "BROKEN", id="35 baseline out of range"),
        pytest.param(with_body(DIRECTORY, kind="1.2.840.10008.1.3.10"), "UNSAFE", id="36 DICOMDIR with .."),
        pytest.param(with_body(DIRECTORY), "UNSAFE", id="36 DICOMDIR called an ECG"),
        pytest.param(Path(str(get_testdata_file("CT_small.dcm"))).read_bytes(), "EMPTY", id="37 CT image"),
        pytest.param(made_dicom([], kind="1.2.840.10008.5.1.4.1.1.9.4.1"), "EMPTY", id="37 voice"),
        pytest.param(made_dicom([]), "EMPTY", id="37 no waveform"),
        pytest.param(with_body(nested(10_000, is_open=True)), "LIMIT", id="38 nesting 10000, open"),
        pytest.param(with_body(nested(10_000, is_open=False)), "LIMIT", id="38 nesting 10000, lengths said"),
        pytest.param(with_body(nested(9, is_open=True)), "LIMIT", id="38 nesting 9"),
        pytest.param(with_body(nested(8, is_open=True)), "EMPTY", id="38 nesting 8"),
        pytest.param(wave(COUNTS % 100, "u1", WaveformSampleInterpretation="MB"), "FORMAT", id="39 8-bit mu-law"),
        pytest.param(wave(COUNTS % 100, "i1", WaveformSampleInterpretation="SB"), "FORMAT", id="39 8-bit linear"),
        pytest.param(wave(COUNTS, "<i8", WaveformSampleInterpretation="SV"), "FORMAT", id="39 64 bits"),
        pytest.param(wave(first={"WaveformBitsStored": 12}), "BROKEN", id="40 more than 12 bits"),
        pytest.param(wave(first={"WaveformBitsStored": 17}), "BROKEN", id="40 17 stored bits in 16"),
        pytest.param(wave(SHORT, MultiplexGroupLabel="MEDIAN BEAT"), "NOPRED", id="41 median beat only"),
        pytest.param(
            wave(SHORT, MultiplexGroupLabel=None, WaveformOriginality="DERIVED"), "NOPRED", id="41 derived, short"
        ),
        pytest.param(both(code=None), "ASK-LEAD", id="42 channel source missing"),
        pytest.param(both(code="2:0", meaning="Unspecified lead"), "ASK-LEAD", id="42 channel source unspecified"),
        pytest.param(both(**NO_SENSITIVITY), "ASK-UNIT", id="sensitivity absent"),
        pytest.param(both(unit=None), "ASK-UNIT", id="unit absent"),
        pytest.param(both(unit="1"), "ASK-UNIT", id="unit 1"),
        pytest.param(both(ChannelSensitivity="-0.1"), "QUAL", id="stored upside down"),
        pytest.param(wave(SamplingFrequency=None), "ASK-RATE", id="rate absent"),
        pytest.param(wave(SamplingFrequency="0"), "BROKEN", id="rate 0"),
        pytest.param(wave(SamplingFrequency="1e308"), "BROKEN", id="rate 1e308"),
        pytest.param(wave(first={"code": "2:2"}), "BROKEN", id="code against meaning"),
        pytest.param(wave(first={"ChannelLabel": "aVR"}), "BROKEN", id="code against label"),
        pytest.param(wave(first={"ChannelSampleSkew": "2001"}), "BROKEN", id="skew beyond the end"),
        pytest.param(wave()[:-1000], "BROKEN", id="cut in the samples"),
        pytest.param(wave()[:200], "BROKEN", id="cut in the first group"),
    ],
)  # fmt: skip
def test_what_an_object_does_not_say_is_asked_and_what_it_contradicts_is_refused(content: bytes, kind: str) -> None:
    assert gravest_kind(content) == kind


@pytest.mark.parametrize("with_meta", [True, False])
def test_an_object_without_preamble_is_read(with_meta: bool) -> None:  # 43
    for syntax in ("1.2.840.10008.1.2.1", ImplicitVRLittleEndian):
        content = headless(made_dicom(two_leads(), syntax), with_meta=with_meta)
        np.testing.assert_allclose(record_of(content).signal[:2], COUNTS * COUNT_MV, atol=1e-7)


def two_leads() -> list[pydicom.Dataset]:
    """Give one group of leads I and II."""
    return [made_group(COUNTS, [made_channel("I"), made_channel("II")])]


def test_twelve_stored_bits_are_read_with_and_without_the_sign_in_the_upper_ones() -> None:  # 40
    counts = np.clip(COUNTS / 8, -2048, 2047).round()
    for stored in (counts, counts % 4096):
        record = record_of(wave(stored, first={"WaveformBitsStored": 12}))
        np.testing.assert_allclose(record.signal[:2], counts * COUNT_MV, atol=1e-7)


@pytest.mark.parametrize(
    ("kind", "told"), [("<u2", "US"), ("<i4", "SL"), ("<u4", "UL")], ids=["unsigned", "32 bits", "unsigned 32 bits"]
)
def test_other_whole_numbers_are_read(kind: str, told: str) -> None:
    counts = np.abs(COUNTS)
    bits = {"WaveformBitsStored": 8 * np.dtype(kind).itemsize}
    record = record_of(wave(counts, kind, bits, WaveformSampleInterpretation=told))
    np.testing.assert_allclose(record.signal[:2], counts * COUNT_MV, atol=1e-7)


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DEFLATED])
def test_every_way_of_writing_gives_the_same_record(syntax: str) -> None:
    groups = two_leads()
    if syntax == ExplicitVRBigEndian:
        groups = [made_group(COUNTS, [made_channel("I"), made_channel("II")], ">i2")]
    assert record_of(made_dicom(groups, syntax)).digest == record_of(wave()).digest


def test_an_object_filled_up_with_zeros_is_read() -> None:
    assert record_of(wave() + bytes(4096)).digest == record_of(wave()).digest


def test_sensitivity_correction_and_baseline_are_applied_in_the_unit_of_the_file() -> None:
    told = {"ChannelSensitivity": "2", "ChannelSensitivityCorrectionFactor": "0.05", "ChannelBaseline": "-100"}
    record = record_of(wave(first=told))
    np.testing.assert_allclose(record.signal[0], COUNTS[0] * COUNT_MV - 0.1, atol=1e-6)


def test_filling_is_missing_at_the_rail_and_among_samples_only_where_it_lasts() -> None:
    counts = COUNTS.copy()
    counts[0, 100:103] = -32768
    record = record_of(wave(counts, WaveformPaddingValue=b"\0\x80"))
    assert np.flatnonzero(np.isnan(record.signal[0])).tolist() == [100, 101, 102]
    counts = COUNTS.copy()
    counts[0, 7], counts[0, 100:400] = 0, 0
    record = record_of(wave(counts, WaveformPaddingValue=b"\0\0"))
    assert np.flatnonzero(np.isnan(record.signal[0])).tolist() == list(range(100, 400))


@pytest.mark.parametrize("skew", [{"ChannelSampleSkew": "3"}, {"ChannelSampleSkew": None, "ChannelTimeSkew": "0.006"}])
def test_a_channel_that_begins_later_is_moved_to_its_time(skew: dict[str, Any]) -> None:
    channels = [made_channel("I", **skew), made_channel("II", ChannelSampleSkew="-2")]
    record = record_of(made_dicom([made_group(COUNTS, channels)]))
    assert np.isnan(record.signal[0, :3]).all()
    assert np.isnan(record.signal[1, -2:]).all()
    np.testing.assert_allclose(record.signal[0, 3:], COUNTS[0, :-3] * COUNT_MV, atol=1e-7)
    np.testing.assert_allclose(record.signal[1, :-2], COUNTS[1, 2:] * COUNT_MV, atol=1e-7)


@pytest.mark.parametrize(
    ("told", "lead"),
    [
        ({"code": "2:61", "meaning": ""}, "III"),
        ({"code": "5.6.3-9-64", "scheme": "SCPECG", "meaning": "Lead aVF"}, "aVF"),
        ({"code": "2:62", "meaning": "aVR, augmented voltage, right"}, "aVR"),
        ({"code": "2:8", "meaning": "Lead V6"}, "V6"),
        ({"code": "MDC_ECG_LEAD_V2", "meaning": ""}, "V2"),
        ({"code": "17", "scheme": "99LOCAL", "meaning": "Lead V3"}, "V3"),
        ({"code": "2:1", "scheme": "99LOCAL", "meaning": "Lead V3"}, "V3"),
        ({"code": None, "ChannelLabel": "V4"}, "V4"),
        ({"code": "2:31", "meaning": "Derived Lead I"}, "Derived Lead I"),
        ({"code": "", "meaning": "", "ChannelLabel": "MLII"}, "MLII"),
    ],
)
def test_leads_are_told_by_code_meaning_or_label(told: dict[str, Any], lead: str) -> None:
    group = made_group(COUNTS, [made_channel("II"), made_channel("I", **told)])
    assert set(record_of(made_dicom([group])).leads) >= {"II", lead}


def test_the_codes_of_leads_are_those_of_the_standard() -> None:
    named = 0
    for code in codes.cid3001.concepts.values():
        channel = WaveChannel(code.value, "MDC", "", "", (), None, None, None, None, 0.0, 0.0, None)
        lead = lead_of("made", channel, 1)
        meaning = canonical_lead(code.meaning.split(",")[0])
        assert meaning is None or lead == meaning, code
        named += meaning is not None
    assert named >= len(LEADS)


def test_a_cabrera_lead_is_turned_and_supplementary_leads_are_kept_aside() -> None:
    group = made_group(COUNTS, [made_channel("II"), made_channel("I", code="2:65", meaning="-aVR")])
    turned = record_of(made_dicom([group]))
    np.testing.assert_allclose(turned.signal[turned.leads.index("aVR")], -COUNTS[1] * COUNT_MV, atol=1e-7)
    group = made_group(COUNTS, [made_channel("II"), made_channel("I", code="2:12", meaning="Lead V4R")])
    record = record_of(made_dicom([group]))
    assert (record.leads, record.aside) == (("II",), ("V4R",))


def test_the_rhythm_is_read_and_not_the_averaged_beat_wherever_it_stands() -> None:
    beat = made_group(SHORT, [made_channel("I"), made_channel("II")], MultiplexGroupLabel="Median")
    one = made_group(COUNTS[:1], [made_channel("V1")])
    for groups in ([beat, *two_leads()], [*two_leads(), beat]):
        record = record_of(made_dicom(groups))
        assert record.seconds == 4
        assert not [issue for issue in record.issues if issue.severity != "note"]
    record = record_of(made_dicom([one, *two_leads()]))
    assert "I" in record.leads
    assert record.issues[0].kind == "PART"
    assert record.issues[0].severity == "warn"


def test_a_channel_that_its_recorder_doubts_is_named() -> None:
    record = record_of(wave(first={"ChannelStatus": "DISCONNECTED"}))
    told = "Lead I is marked disconnected by its recorder."
    assert Issue("QUAL", "I", "warn", told, "Check the recording.") in record.issues


def test_of_a_long_recording_the_first_ten_minutes_are_shown() -> None:
    counts = np.tile(COUNTS, (1, 200))
    record = record_of(wave(counts, kind="<i2"))
    assert record.seconds == 600
    np.testing.assert_allclose(record.signal[:2], counts[:, : 600 * RATE] * COUNT_MV, atol=1e-7)
    assert "lasts 800 s" in record.issues[0].sentence


@pytest.mark.parametrize(
    ("told", "age"),
    [
        ({"PatientAge": "045Y"}, 45.0),
        ({"PatientAge": "006M"}, 0.5),
        ({"PatientAge": "095Y"}, 90.0),
        ({"PatientBirthDate": "19530508", "AcquisitionDateTime": "20021122091000"}, 49.0),
        ({"PatientBirthDate": "19530508", "StudyDate": "20020507"}, 48.0),
        ({"PatientBirthDate": "19530508"}, None),
        ({"PatientAge": ""}, None),
    ],
)
def test_age_and_sex_are_all_that_is_kept_of_a_person(told: dict[str, str], age: float | None) -> None:
    content = wave_of(**told, PatientSex="F", InstitutionName="Hospital", PatientComments="<script>")
    record = record_of(content)
    assert (record.age, record.sex) == (age, "female")
    words = ("Nobody", "4711", "Hospital", "script", "1953", "2002")
    assert not any(word in repr(record.issues) + repr(vars(record) | {"signal": 0}) for word in words)


def wave_of(**odd: Any) -> bytes:
    """Give an object with odd elements of the whole."""
    return made_dicom(two_leads(), **odd)


def test_an_object_without_a_kind_is_no_ecg() -> None:
    content = headless(wave(), with_meta=False)
    assert gravest_kind(content.replace(b"1.2.840.10008.5.1.4.1.1.9.1.1", b"1.2.840.10008.5.1.4.1.1.9.7.1")) == "EMPTY"


def test_what_pydicom_writes_of_a_real_record_is_read_back_within_a_count(real: Real) -> None:
    files, _ = gather([real("ludb") / "data" / "1.hea"])
    ludb = read_records(files).records[0]
    counts = np.rint(ludb.signal.astype(float) / 0.001)
    channels = [made_channel(lead, code=None, ChannelLabel=lead, ChannelSensitivity="1") for lead in ludb.leads]
    content = made_dicom([made_group(counts, channels, SamplingFrequency=f"{ludb.rate:g}")])
    record = record_of(content)
    assert (record.leads, record.rate) == (ludb.leads, ludb.rate)
    np.testing.assert_allclose(record.signal, ludb.signal, atol=0.0005 + 1e-6)


DICOMS = ("ecgtoolkit_Example.dcm", "example-DICOM1.dcm", "synthetic_muse.dcm")


@pytest.mark.parametrize("file", DICOMS)
@pytest.mark.filterwarnings("ignore:Invalid value for VR UI", "ignore:DICOM file has 1 additional multiplex group")
def test_real_objects_are_what_two_libraries_say(file: str, real: Real) -> None:
    path = real("formats") / "dicom" / file
    record = record_of(path.read_bytes(), file)
    assert (record.leads, record.rate, record.seconds) == (LEADS, 500.0, 10.0)
    assert not [issue for issue in record.issues if issue.severity != "note"]
    microvolts = pydicom.dcmread(path).waveform_array(0)
    np.testing.assert_allclose(record.signal, microvolts.T / 1000, atol=1e-6)
    assert_same_ecg(record, path)


def test_an_object_of_pydicoms_own_tests_is_read_as_pydicom_does() -> None:
    path = Path(str(get_testdata_file("waveform_ecg.dcm")))
    record = record_of(path.read_bytes())
    assert (record.leads, record.rate, record.seconds) == (LEADS, 1000.0, 10.0)
    np.testing.assert_allclose(record.signal, pydicom.dcmread(path).waveform_array(0).T / 1000, atol=1e-6)


def test_one_ecg_in_dicom_hl7_and_scp_is_the_same_within_a_count(real: Real) -> None:
    record = record_of((real("formats") / "dicom" / "ecgtoolkit_Example.dcm").read_bytes())
    assert (record.age, record.sex) == (49.0, "male")
    for other in ("hl7aecg/ecgtoolkit_Example.xml", "scp/ecgtoolkit_Example.scp"):
        assert_same_ecg(record, real("formats") / other)


def assert_same_ecg(record: Record, path: Path) -> None:
    """Check that ecgdatakit gives the same samples within a count.

    It takes every 0 of an object whose filling is said to be 0 for missing; the same ECG in HL7 and SCP has them.
    """
    oracle = {lead.label.removeprefix("Lead ").split(",")[0]: lead for lead in FileParser().parse(str(path)).leads}
    assert set(oracle) == set(record.leads)
    for lead, row, step in zip(record.leads, record.signal, record.lsb_mv, strict=True):
        assert oracle[lead].units == "mV"
        np.testing.assert_allclose(row, np.nan_to_num(oracle[lead].samples), atol=step, err_msg=lead)


def test_no_file_of_another_format_is_taken_for_dicom(real: Real) -> None:
    files = [path for path in real("formats").glob("*/*") if path.is_file()]
    taken = {path.parent.name for path in files if dicom.takes(path.name, path.read_bytes())}
    assert taken == {"dicom"}
