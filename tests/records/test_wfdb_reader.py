"""The WFDB reader: what it reads, and every hostile or damaged record by the kind of its sentence."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
import wfdb

from ecgssl_core.records.read import gather, read_records
from ecgssl_core.signals.leads import LEADS

Upload = Callable[..., dict[str, bytes]]


def kind_of(files: dict[str, bytes]) -> str:
    """Give the kind of the sentence that forbids predictions: of the refusal, or of the first open question."""
    reading = read_records(files)
    if reading.records:
        return next(issue.kind for record in reading.records for issue in record.issues if issue.severity == "block")
    header = next(refusal for refusal in reading.refused if refusal.name.endswith(".hea"))
    assert len(header.sentence.split()) <= 25, header.sentence
    assert "/" not in header.sentence.replace("and/or", "")
    return header.kind


def test_a_record_is_read_in_millivolts_whatever_the_order_of_its_files(upload: Upload) -> None:
    files = upload(comments="# Dx: 164889003, 426783006\n#AGE : 71\n#<sex>: M\n# Name: Nobody")
    for order in (files, dict(reversed(files.items()))):
        (record,) = read_records(order).records
        expected = np.frombuffer(files["made.dat"], "<i2").reshape(-1, 12).T / 1000
        np.testing.assert_allclose(record.signal, expected, atol=1e-6)
        assert (record.leads, record.rate, record.age, record.sex) == (LEADS, 500.0, 71.0, "male")
        assert record.codes == ("164889003", "426783006")
        assert set(record.units.values()) == {"file"}
        assert "Nobody" not in repr(record)


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        ({"gain": "0/mV"}, "ASK-UNIT"),
        ({"gain": "1000/mmHg"}, "ASK-UNIT"),
        ({"gain": "1e-300/mV"}, "BROKEN"),
        ({"gain": "nan/mV"}, "BROKEN"),
        ({"gain": "inf/mV"}, "BROKEN"),
        ({"gain": "2e6/mV"}, "BROKEN"),
        ({"gain": f"1000({'9' * 5000})/mV"}, "BROKEN"),
        ({"rate": "-500"}, "BROKEN"),
        ({"rate": "1e309"}, "BROKEN"),
        ({"rate": "0"}, "BROKEN"),
        ({"rate": "nan"}, "BROKEN"),
        ({"rate": "20"}, "BROKEN"),
        ({"head": "made 12 500 900000000000"}, "BROKEN"),
        ({"head": "made 100000000 500 1500"}, "LIMIT"),
        ({"head": "made 0 500 1500"}, "EMPTY"),
        ({"head": "made 12"}, "ASK-RATE"),
        ({"head": "made/2 12 500 1500"}, "BROKEN"),
        ({"head": "../made 12 500 1500"}, "UNSAFE"),
        ({"form": "16x99999999"}, "LIMIT"),
        ({"form": "9" * 5000}, "FORMAT"),
        ({"file": "../../made.dat"}, "UNSAFE"),
        ({"file": "/etc/passwd"}, "UNSAFE"),
        ({"file": "http://a.example/made.dat"}, "UNSAFE"),
        ({"file": "a::http://made.dat"}, "UNSAFE"),
        ({"file": "é.dat"}, "BROKEN"),
        ({"file": "made.hea"}, "BROKEN"),
        ({"file": "other.dat"}, "PART"),
        ({"first": "II"}, "ASK-LEAD"),
        ({"checksum": 1}, "BROKEN"),
        ({"samples": 3000}, "PART"),
    ],
)
def test_a_record_that_is_not_fit_to_be_read_is_refused_by_kind(upload: Upload, odd: dict[str, Any], kind: str) -> None:
    assert kind_of(upload(**odd)) == kind


def test_a_record_that_lists_itself_is_broken() -> None:
    assert kind_of({"loop.hea": b"loop/2 12 500 1000\nloop 500\nloop 500\n"}) == "BROKEN"


def test_sentences_name_the_samples_the_lead_and_the_file(upload: Upload) -> None:
    def sentence(**odd: Any) -> str:
        return read_records(upload(**odd)).refused[-1].sentence

    assert "Lead II:" in sentence(checksum=1)
    assert "other.dat" in sentence(file="other.dat")


def test_a_signal_file_that_ends_early_is_shown_as_far_as_it_goes(upload: Upload) -> None:
    files = upload()
    (record,) = read_records({**files, "made.dat": files["made.dat"][: len(files["made.dat"]) // 2]}).records
    assert record.signal.shape == (12, 750)
    assert "promises 1500 samples, the file holds 750" in record.issues[0].sentence
    assert (record.issues[0].kind, record.issues[0].severity) == ("PART", "block")


@pytest.mark.parametrize(("unit", "factor"), [("mv", 1), ("uV", 1e-3), ("µV", 1e-3), ("μV", 1e-3), ("V", 1e3)])
def test_units_are_known_in_every_spelling(upload: Upload, unit: str, factor: float) -> None:
    (record,) = read_records(upload(gain=f"{1000 * factor:g}/{unit}")).records
    (plain,) = read_records(upload()).records
    np.testing.assert_allclose(record.signal, plain.signal, rtol=1e-5)


def test_the_micro_sign_of_older_exports_is_known(upload: Upload) -> None:
    files = upload(gain="1/uV")
    files["made.hea"] = files["made.hea"].replace(b"/uV", b"/\xb5V")
    assert len(read_records(files).records) == 1


@pytest.mark.parametrize(
    ("odd", "kind"), [({"gain": "-1000/mV"}, "QUAL"), ({"gain": "1000"}, "ASK-UNIT")], ids=["sign", "unit"]
)
def test_what_the_file_leaves_open_is_drawn_and_never_scored(upload: Upload, odd: dict[str, str], kind: str) -> None:
    (record,) = read_records(upload(**odd)).records
    assert {(issue.kind, issue.severity) for issue in record.issues} == {(kind, "block")}
    assert set(record.units.values()) == {"guessed" if kind == "ASK-UNIT" else "file"}


def test_missing_samples_are_no_numbers(upload: Upload) -> None:
    files = upload()
    counts = np.frombuffer(files["made.dat"], "<i2").reshape(-1, 12).copy()
    change = -32768 - int(counts[7, 0])
    counts[7, 0] = -32768
    words = files["made.hea"].decode().splitlines()[1].split()
    files["made.hea"] = files["made.hea"].replace(
        " ".join(words).encode(), " ".join([*words[:6], str((int(words[6]) + change) & 0xFFFF), *words[7:]]).encode()
    )
    (record,) = read_records({**files, "made.dat": counts.tobytes()}).records
    assert np.argwhere(np.isnan(record.signal)).tolist() == [[0, 7]]


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"a.mat": b"1234"}, "PART"),
        ({"a.hea": b""}, "EMPTY"),
        ({"a.txt": b"hello"}, "FORMAT"),
        ({"a.dat": b""}, "EMPTY"),
    ],
)
def test_every_file_that_is_no_part_of_a_record_is_refused(files: dict[str, bytes], kind: str) -> None:
    assert [refusal.kind for refusal in read_records(files).refused] == [kind]


def test_gathering_brings_what_belongs_together(tmp_path: Path, upload: Upload) -> None:
    for name, content in upload().items():
        (tmp_path / name).write_bytes(content)
    for name in ("made.hea", "made.dat"):
        files, refused = gather([tmp_path / name])
        assert (set(files), refused) == ({"made.hea", "made.dat"}, ())


def test_gathering_refuses_links_and_what_is_not_there(tmp_path: Path, upload: Upload) -> None:
    (tmp_path / "made.hea").write_bytes(upload()["made.hea"])
    (tmp_path / "elsewhere").write_bytes(upload()["made.dat"])
    (tmp_path / "made.dat").symlink_to(tmp_path / "elsewhere")
    files, refused = gather([tmp_path / "made.hea", tmp_path / "none.hea"])
    assert set(files) == {"made.hea"}
    assert {refusal.name: refusal.kind for refusal in refused}["made.dat"] == "UNSAFE"
    assert str(tmp_path) not in " ".join(refusal.sentence for refusal in refused)
    assert {refusal.name for refusal in refused} == {"made.dat", "none.hea"}


@pytest.mark.parametrize(("corpus", "lead"), [("mitdb", "MLII"), ("af2017", "ECG")])
def test_leads_that_nobody_knows_keep_their_name_and_are_not_scored(real: Any, corpus: str, lead: str) -> None:
    path = sorted(real(corpus).rglob("*.hea"))[0]
    (record,) = read_records(gather([path])[0]).records
    assert lead in record.leads
    assert any(issue.severity == "block" for issue in record.issues)


def test_two_unknown_leads_of_one_name_are_told_apart(real: Any) -> None:
    (record,) = read_records(gather([real("mitdb") / "800.hea"])[0]).records
    assert record.leads == ("ECG 1", "ECG 2")


@pytest.mark.parametrize("source", ["georgia", "ptb-xl"])
def test_every_lead_of_a_real_record_is_its_own(real: Any, source: str) -> None:
    for path in sorted((real("cinc2020") / source).glob("*.hea"))[:10]:
        (record,) = read_records(gather([path])[0]).records
        lead = dict(zip(record.leads, record.signal.astype(float), strict=True))
        one, two, step = lead["I"], lead["II"], 2.001 * max(record.lsb_mv)
        sums = {"III": two - one, "aVR": -(one + two) / 2, "aVL": one - two / 2, "aVF": two - one / 2}
        assert {name for name, wanted in sums.items() if np.abs(lead[name] - wanted).max() > step} == set()
        limbs = [lead[name].tobytes() for name in LEADS[:6]]
        assert len(set(limbs)) == 6


@pytest.mark.parametrize("corpus", ["cinc2020", "cinc2011", "ludb", "code15"])
def test_real_records_have_the_values_that_wfdb_gives(real: Any, corpus: str) -> None:
    for path in sorted(real(corpus).rglob("*.hea"))[:5]:
        (record,) = read_records(gather([path])[0]).records
        signals, fields = wfdb.rdsamp(str(path.with_suffix("")))
        assert fields["units"] == ["mV"] * len(record.leads)
        np.testing.assert_allclose(record.signal, signals.T, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("compressed", [False, True])
def test_a_header_may_name_a_matlab_5_file(upload: Upload, compressed: bool) -> None:
    files = upload(file="made.mat", form="16+24")
    (plain,) = read_records(upload()).records
    content = io.BytesIO()
    counts = np.frombuffer(upload()["made.dat"], "<i2").reshape(-1, 12).T
    scipy.io.savemat(content, {"val": counts}, do_compression=compressed)
    (record,) = read_records({"made.hea": files["made.hea"], "made.mat": content.getvalue()}).records
    np.testing.assert_array_equal(record.signal, plain.signal)
    assert record.format == "WFDB, MATLAB 5"


@pytest.mark.parametrize("matrices", [{}, {"val": np.zeros((3, 5))}, {"a": np.zeros((12, 5)), "b": np.zeros((12, 5))}])
def test_a_matlab_5_file_that_does_not_fit_its_header_is_broken(upload: Upload, matrices: dict[str, Any]) -> None:
    content = io.BytesIO()
    scipy.io.savemat(content, matrices)
    files = upload(file="made.mat")
    assert kind_of({"made.hea": files["made.hea"], "made.mat": content.getvalue()}) == "BROKEN"


@pytest.mark.parametrize(
    "head",
    ["10:20:30 24/12/2019", "0:00 1/1/90", "10:20:30.250", "23:59:59 2019-12-24"],
    ids=["day first", "short", "time alone", "year first"],
)
def test_a_date_in_the_header_is_passed_over_whatever_its_style(upload: Upload, head: str) -> None:
    (record,) = read_records(upload(head=f"made 12 500 1500 {head}")).records
    assert record.signal.shape == (12, 1500)
    assert "2019" not in repr(record)
