"""Records in several segments: joined as wfdb joins them, gaps missing, and every contradiction refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import wfdb

from ecgssl_core.records.read import gather, read_records

LENGTHS = (1200, 700, 3100)


@pytest.fixture
def folder(real: Callable[[str], Path], tmp_path: Path) -> Path:
    """A real record in three segments, the second without V6, and a gap of 500 samples before the third."""
    record = wfdb.rdrecord(str(real("ludb") / "data" / "1"), physical=False)
    leads, start = list(record.sig_name), 0
    for number, length in enumerate(LENGTHS):
        kept = 11 if number == 1 else 12
        wfdb.wrsamp(
            f"part{number}", fs=500, units=["mV"] * kept, sig_name=leads[:kept], fmt=["16"] * kept,
            d_signal=record.d_signal[start : start + length, :kept].astype(np.int64), adc_gain=record.adc_gain[:kept],
            baseline=record.baseline[:kept], write_dir=str(tmp_path),
        )  # fmt: skip
        start += length
    lines = ["whole/5 12 500 5500", "layout 0", "part0 1200", "part1 700", "~ 500", "part2 3100"]
    (tmp_path / "whole.hea").write_text("\n".join([*lines, "# Dx: 426783006"]) + "\n")
    signals = "\n".join(f"~ 0 {gain:g}/mV 0 0 0 0 0 {name}" for gain, name in zip(record.adc_gain, leads, strict=True))
    (tmp_path / "layout.hea").write_text(f"layout 12 500 0\n{signals}\n")
    return tmp_path


def test_segments_are_joined_as_wfdb_joins_them(folder: Path) -> None:
    files, refused = gather([folder / "whole.hea"])
    assert refused == ()
    (record,) = read_records(files).records
    theirs = wfdb.rdrecord(str(folder / "whole"), m2s=True)
    np.testing.assert_allclose(record.signal, theirs.p_signal.T, atol=1e-6)
    assert np.isnan(record.signal[11, 1200:1900]).all()
    assert np.isnan(record.signal[:, 1900:2400]).all()
    assert record.codes == ("426783006",)
    assert [(issue.kind, issue.severity) for issue in record.issues] == [("PART", "warn")]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("part0 1200", "part0 1300", "BROKEN"),
        ("part1 700", "part9 700", "PART"),
        ("part1 700", "whole 700", "BROKEN"),
        ("part1 700", "../part1 700", "UNSAFE"),
        ("part1 700", "/etc/passwd 700", "UNSAFE"),
        ("whole/5", "whole/5000", "LIMIT"),
        ("whole/5", "whole/6", "BROKEN"),
        ("5500", "900000000000", "BROKEN"),
    ],
)
def test_a_header_that_contradicts_its_segments_is_refused(folder: Path, old: str, new: str, kind: str) -> None:
    files, _ = gather([folder / "whole.hea"])
    files["whole.hea"] = files["whole.hea"].replace(old.encode(), new.encode())
    refused = {refusal.name: refusal.kind for refusal in read_records(files).refused}
    assert refused["whole.hea"] == kind


def test_a_segment_that_is_itself_divided_is_refused(folder: Path) -> None:
    files, _ = gather([folder / "whole.hea"])
    files["part1.hea"] = b"part1/1 12 500 700\npart0 700\n"
    refused = {refusal.name: refusal.kind for refusal in read_records(files).refused}
    assert refused["whole.hea"] == "BROKEN"
