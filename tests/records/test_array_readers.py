"""NPY, NPZ, MATLAB, Parquet, JSON: one ECG in all of them, what they leave open, each hostile one by its kind."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import scipy.io
from numpy.lib import format as npy_format

from ecgssl_core.records.mat_file import read_matrices
from ecgssl_core.records.quality import check_quality
from ecgssl_core.records.read import gather, read_records
from ecgssl_core.records.record import Record
from ecgssl_core.signals.leads import LEADS
from tests.records.made_arrays import FORMS, NAMES, RATE, made_signal, mat, npy, npz, parquet

SIGNAL = made_signal(300)
ALL = {"ASK-LEAD", "ASK-UNIT", "ASK-RATE"}


def read(content: bytes, name: str) -> Record:
    reading = read_records({name: content})
    assert reading.refused == ()
    (record,) = reading.records
    return record


def refused(content: bytes, name: str) -> str:
    reading = read_records({name: content})
    assert reading.records == ()
    assert len(reading.refused[0].sentence.split()) <= 25
    return reading.refused[0].kind


def asked(record: Record) -> set[str]:
    return {issue.kind for issue in record.issues if issue.severity == "block"}


def header_of_npy(text: str, version: int = 1) -> bytes:
    width = {1: "<H", 2: "<I"}[version]
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack(width, len(text)) + text.encode()


def mat_5(*elements: bytes) -> bytes:
    return b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H", 0x0100) + b"IM" + b"".join(elements)


def matrix(
    kind: int = 6, flags: int = 0, stored: int = 9, shape: tuple[int, int] = (1, 60), data: bytes = b""
) -> bytes:
    data = data or np.arange(60.0).tobytes()
    parts = struct.pack("<IIII", 6, 8, kind | flags << 8, 0) + struct.pack("<IIii", 5, 8, *shape)
    parts += struct.pack("<II", 1, 3) + b"val".ljust(8, b"\0") + struct.pack("<II", stored, len(data)) + data
    return struct.pack("<II", 14, len(parts)) + parts


def packed(inner: bytes) -> bytes:
    squeezed = zlib.compress(inner, 9)
    return struct.pack("<II", 15, len(squeezed)) + squeezed


def extension_table() -> bytes:
    field = pa.field("I", pa.float64(), metadata={"ARROW:extension:name": "their.type"})
    table = pa.table([pa.array(SIGNAL[0])], schema=pa.schema([field]))
    target = io.BytesIO()
    pa.parquet.write_table(table, target)
    return target.getvalue()


def test_one_real_ecg_is_the_same_record_in_every_form(real: Callable[[str], Path]) -> None:
    files, _ = gather([real("ludb") / "data" / "7.hea"])
    (known,) = read_records(files).records
    by_lead = dict(zip(known.leads, known.signal, strict=True))
    said: dict[str, Any] = {"fs": known.rate, "leads": known.leads, "unit": "mV"}
    forms = {
        "7.npz": npz(signal=known.signal.T, **said),
        "7.mat": mat({"val": known.signal, **said, "leads": list(known.leads)}),
        "7.parquet": parquet(by_lead, {"sampling_rate": str(known.rate), "unit": "mV"}),
        "7.json": json.dumps({**said, "signals": known.signal.tolist()}).encode(),
    }
    for name, content in forms.items():
        record = read(content, name)
        assert asked(record) == set()
        assert record.digest == known.digest, name


@pytest.mark.parametrize("name", FORMS)
def test_each_form_gives_the_leads_in_millivolts(name: str) -> None:
    record = read(FORMS[name](SIGNAL), name)
    expected = {"watch.csv": SIGNAL[:1]}.get(name, SIGNAL)
    rows = [0, 1, -1][: len(expected)]
    np.testing.assert_allclose(record.signal[rows], expected, atol=1e-6)
    assert record.rate == (512.0 if name == "watch.csv" else RATE if name != "made.npy" else 500.0)
    open_ones = {"made.npy": ALL, "four.mat": {"ASK-LEAD", "ASK-UNIT"}}
    assert asked(record) == open_ones.get(name, set())


@pytest.mark.parametrize("kind", ["i1", "<i2", ">i2", ">i4", "u2", "i8", "f2", "<f4", ">f8"])  # 77 big-endian
def test_arrays_of_numbers_are_read_whichever_way_they_lie(kind: str) -> None:
    counts = np.rint(SIGNAL * 20).clip(-100, 100)
    counts = (np.abs(counts) if kind == "u2" else counts).astype(kind)
    for array in (counts, counts.T, np.asfortranarray(counts), counts[np.newaxis]):
        record = read(npy(array), "counts.npy")
        np.testing.assert_array_equal(record.signal, counts.astype(np.float32))
        assert asked(record) == ALL  # 76 (5000, 12) without names


def test_an_array_without_any_sample_is_read_and_found_bad() -> None:  # 79 all NaN
    record = read(npy(np.full((12, 600), np.nan)), "nan.npy")
    assert not np.isfinite(record.signal).any()
    assert check_quality(record).issues[0].kind == "QUAL"


def test_arrays_by_lead_need_no_other_names() -> None:
    for content, name in (
        (npz(**dict(zip(NAMES, SIGNAL, strict=True)), fs=RATE), "a.npz"),
        (mat({**dict(zip(NAMES, SIGNAL, strict=True)), "fs": RATE}), "a.mat"),
    ):
        record = read(content, name)
        assert (record.leads[-1], asked(record)) == ("V1", {"ASK-UNIT"})
        np.testing.assert_allclose(record.signal[0], SIGNAL[0], atol=1e-6)


def test_a_zip_of_arrays_that_are_a_record_each_is_a_zip() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("p1.npy", npy(SIGNAL))
        made.writestr("p2.npy", npy(SIGNAL))
    assert [record.name for record in read_records({"set.zip": target.getvalue()}).records] == ["p1", "p2"]


def test_the_signal_is_the_array_that_is_called_so() -> None:
    beside = {"filtered": SIGNAL, "age": 57, "sex": "F"}
    record = read(npz(ecg=SIGNAL, **beside), "two.npz")
    assert (record.signal.shape, record.age, record.sex) == ((3, 300), 57.0, "female")
    assert refused(npz(raw_one=SIGNAL, raw_two=SIGNAL), "two.npz") == "FORMAT"


def test_json_is_read_in_each_of_its_usual_layouts() -> None:
    leads = json.loads(FORMS["made.json"](SIGNAL))["leads"]
    rows = [dict(zip(leads, values, strict=True)) for values in zip(*leads.values(), strict=True)]
    beside = {"fs": "500 Hz", "units": "mV"}
    layouts: list[tuple[Any, set[str]]] = [
        ({"data": leads, **beside}, set()),
        ({"ecg": {"signal": list(leads.values()), "lead_names": list(leads)}, **beside}, set()),
        ({"signals": [list(row.values()) for row in rows], "channels": list(leads), **beside}, set()),
        (
            {"leads": [{"name": lead, "unit": "mV", "samples": values} for lead, values in leads.items()], "fs": 500},
            set(),
        ),
        ({"time_ms": [2 * at for at in range(300)], **leads, "unit": "mV"}, set()),
        (rows, {"ASK-UNIT", "ASK-RATE"}),
        (list(leads.values()), ALL),
        (leads["I"], ALL),
    ]
    for layout, questions in layouts:
        record = read(json.dumps(layout).encode(), "made.json")
        np.testing.assert_allclose(record.signal[0], SIGNAL[0], atol=1e-6)
        assert asked(record) == questions


def test_null_and_nan_are_missing_samples() -> None:
    record = read(json.dumps({"I": [None, float("nan"), *SIGNAL[0].tolist()]}).encode(), "made.json")
    assert list(np.flatnonzero(np.isnan(record.signal[0]))) == [0, 1]
    values = [None, *SIGNAL[0].tolist()]
    assert np.isnan(read(parquet({"I": values}), "made.parquet").signal[0, 0])


def test_times_of_a_parquet_table_tell_its_rate() -> None:
    stamps = pa.array(np.arange(300) * 4 + 1_700_000_000_000, pa.timestamp("ms"))
    record = read(parquet({"timestamp": stamps, "I": SIGNAL[0], "note": ["Somebody Known"] * 300}), "made.parquet")
    assert (record.rate, asked(record)) == (250.0, {"ASK-UNIT"})
    assert "Known" not in repr(record)


@pytest.mark.parametrize("packing", [False, True])
@pytest.mark.parametrize("version", ["4", "5"])
def test_matrices_are_the_same_as_scipy_reads_them(version: str, packing: bool) -> None:
    chance = np.random.default_rng(3)
    made = {
        "a": chance.normal(size=(3, 70)),
        "b": chance.integers(-2000, 2000, (12, 60)).astype("<i2"),
        "c": chance.normal(size=(60, 1)).astype("<f4"),
        "d": np.arange(10, dtype="<i4")[np.newaxis],
    }
    content = mat(made, version, packing and version == "5")
    theirs = scipy.io.loadmat(io.BytesIO(content))
    ours = read_matrices("made.mat", content)
    assert ours.keys() == made.keys()
    for name, values in ours.items():
        np.testing.assert_array_equal(values, theirs[name])


def test_the_real_matrices_of_the_challenge_are_the_same_as_scipy_reads_them(real: Callable[[str], Path]) -> None:
    paths = sorted(real("cinc2020").rglob("*.mat"))[::100]
    assert paths
    for path in paths:
        theirs = scipy.io.loadmat(path)["val"]
        np.testing.assert_array_equal(read_matrices(path.name, path.read_bytes())["val"], theirs)
        assert asked(read(path.read_bytes(), path.name)) == ALL


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        pytest.param("a.mat", mat_5(struct.pack("<II", 8, 8) + bytes(8)), "BROKEN", id="65 tag type byte 8"),
        pytest.param("a.mat", mat_5(matrix(stored=8)), "BROKEN", id="65 data type byte 8"),
        pytest.param("a.mat", mat_5(packed(bytes(300 << 20))), "LIMIT", id="66 zlib bomb"),
        pytest.param("a.mat", mat_5(matrix(kind=16)), "UNSAFE", id="67 function handle"),
        pytest.param("a.mat", mat_5(matrix(kind=17)), "UNSAFE", id="67 opaque object"),
        pytest.param("a.mat", mat_5(packed(matrix(kind=3))), "UNSAFE", id="67 packed object"),
        pytest.param("a.mat", mat_5(bytes(512)), "BROKEN", id="68 all zeros"),
        pytest.param("a.mat", mat({"s": {"val": SIGNAL}}), "FORMAT", id="69 struct"),
        pytest.param("a.mat", mat({"c": np.array([SIGNAL, "x"], object)}), "FORMAT", id="69 cell"),
        pytest.param("a.mat", b"\x89HDF\r\n\x1a\n" + bytes(600), "FORMAT", id="70 71 HDF5 is never opened"),
        pytest.param("a.mat", b"MATLAB 7.3 MAT-file".ljust(512) + b"\x89HDF\r\n\x1a\n", "FORMAT", id="70 71 v7.3"),
        pytest.param("a.mat", mat({"val": SIGNAL + 1j}), "FORMAT", id="complex matrix"),
        pytest.param("a.mat", mat_5(matrix(shape=(1, 2**31 - 1))), "BROKEN", id="a shape beyond the bytes"),
        pytest.param("a.mat", mat_5(matrix(shape=(-1, 60))), "BROKEN", id="a negative shape"),
        pytest.param("a.mat", mat({"val": SIGNAL})[:-100], "BROKEN", id="cut v5"),
        pytest.param("a.mat", mat({"val": SIGNAL}, "4")[:-100], "BROKEN", id="cut v4"),
        pytest.param("a.mat", mat({"val": SIGNAL}, packed=True)[:-100], "BROKEN", id="cut packed"),
        pytest.param("a.npy", npy(np.array([{}, 1], object)), "UNSAFE", id="72 object array"),
        pytest.param(
            "a.npy",
            header_of_npy("{'descr': '<f8', 'fortran_order': False, 'shape': (12, 1000000000000), }"),
            "BROKEN",
            id="73 twelve times 10^12",
        ),
        pytest.param("a.npy", header_of_npy("{" + " " * 2**20 + "}", 2), "UNSAFE", id="74 header of a megabyte"),
        pytest.param(
            "a.npy",
            header_of_npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }") + bytes(64),
            "BROKEN",
            id="75 shape beyond int64",
        ),
        pytest.param("a.npy", npy(SIGNAL.astype(complex)), "FORMAT", id="78 complex"),
        pytest.param("a.npy", npy(SIGNAL > 0), "FORMAT", id="78 bool"),
        pytest.param("a.npy", npy(np.zeros(99, [("I", "f4")])), "FORMAT", id="named fields"),
        pytest.param("a.npy", npy(np.zeros((2, 3, 500))), "FORMAT", id="two records"),
        pytest.param("a.npy", npy(np.zeros((40, 500))), "FORMAT", id="forty leads"),
        pytest.param("a.npy", npy(np.zeros((12, 12))), "EMPTY", id="twelve samples"),
        pytest.param("a.npy", npy(SIGNAL)[:-8], "BROKEN", id="cut array"),
        pytest.param("a.npy", npy(SIGNAL) + bytes(8), "BROKEN", id="more than promised"),
        pytest.param("a.npz", npz(signal=np.array([{}], object)), "UNSAFE", id="72 object in a npz"),
        pytest.param("a.npz", npz(signal=np.zeros((1, 40 << 20), "i1")), "LIMIT", id="long array, packed small"),
        pytest.param("a.parquet", extension_table(), "UNSAFE", id="88 extension type"),
        pytest.param(
            "a.parquet",
            FORMS["made.parquet"](SIGNAL)[:-8] + struct.pack("<I", 10**9) + b"PAR1",
            "BROKEN",
            id="89 footer length lies",
        ),
        pytest.param("a.parquet", FORMS["made.parquet"](SIGNAL)[:-4], "BROKEN", id="cut table"),
        pytest.param("a.parquet", parquet({"I": np.zeros(40 << 20, "i1")}), "LIMIT", id="90 table of zeros"),
        pytest.param("a.parquet", parquet({f"c{at}": [1.0] for at in range(20_000)}), "LIMIT", id="91 many columns"),
        pytest.param(
            "a.parquet", parquet({f"c{at}": [1.0] * 60 for at in range(70)}), "LIMIT", id="91 seventy columns"
        ),
        pytest.param("a.parquet", parquet({"name": ["x"] * 99}), "EMPTY", id="a table of names"),
        pytest.param("a.parquet", parquet({"age": np.arange(99.0), "sex": [1.0] * 99}), "EMPTY", id="labels"),
        pytest.param("a.json", b"[" * 200_000, "LIMIT", id="deep document"),
        pytest.param("a.json", b'{"I": [0.1, 0.2', "BROKEN", id="cut document"),
        pytest.param("a.json", b'{"I": [' + b"0.1," * 99 + b'"x"]}', "BROKEN", id="text among numbers"),
        pytest.param("a.json", b'{"I": [' + b"0.1," * 99 + b"1" * 400 + b"]}", "BROKEN", id="a number beyond floats"),
        pytest.param("a.json", b'{"I": [' + b"0.1," * 99 + b'1], "I": [2]}', "BROKEN", id="one key twice"),
        pytest.param("a.json", b'{"a": [1, 2]}', "EMPTY", id="two numbers"),
        pytest.param("a.json", json.dumps({"x": [[0.1] * 99, [0.1] * 98]}).encode(), "BROKEN", id="ragged matrix"),
    ],
)
def test_hostile_and_damaged_arrays_are_refused_by_kind(name: str, content: bytes, kind: str) -> None:
    assert refused(content, name) == kind


def test_a_header_that_numpy_itself_writes_is_read() -> None:
    target = io.BytesIO()
    npy_format.write_array(target, SIGNAL, version=(3, 0))
    np.testing.assert_allclose(read(target.getvalue(), "three.npy").signal, SIGNAL, atol=1e-6)


def test_names_of_leads_decide_which_axis_is_theirs() -> None:
    square = np.random.default_rng(1).normal(size=(12, 600))
    record = read(npz(signal=square[:, :60].T, leads=LEADS, unit="mV", fs=100), "short.npz")
    np.testing.assert_allclose(record.signal, square[:, :60], atol=1e-6)
