"""The Contec reader: two real recordings beside the same one in SCP-ECG, and what it refuses."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.records.answers import Answers, answered
from ecgssl_core.records.read import read_records
from ecgssl_core.records.record import Record
from ecgssl_core.signals.leads import LEADS

Real = Callable[[str], Path]

ECG90A = Answers(unit_mv=0.005, rate=800.0)  # what its owner knows and the file does not say


def recording(counts: np.ndarray, sex: int = 255, age: int = 0) -> bytes:
    """Give a recording of counts (8, samples)."""
    head = b"0000050\0\0\x002020-11-16 21:44:39".ljust(32, b"\0") + b"Nobody\0\0" + bytes([sex, age, 0])
    return head + counts.T.astype("<u2").tobytes() + bytes(37)


def read(content: bytes) -> Record:
    found = read_records({"made.ECG": content})
    assert found.refused == ()
    return found.records[0]


def rows() -> np.ndarray:
    return np.random.default_rng(7).integers(1500, 2500, (8, 400))


def test_a_recording_is_the_same_within_a_count_as_in_scp_once_its_owner_told_unit_and_rate(real: Real) -> None:
    folder = real("formats")
    told = answered(read((folder / "contec" / "0000050.ECG").read_bytes()), ECG90A)
    (scp,) = read_records({"x.scp": (folder / "scp" / "rigacci_contec_0000050.scp").read_bytes()}).records
    assert (told.rate, told.leads) == (scp.rate, scp.leads[:6]) == (800.0, LEADS[:6])
    samples = scp.signal.shape[1]
    np.testing.assert_allclose(told.signal[:, :samples], scp.signal[:6], atol=0.0051)
    assert not scp.signal[6:].any()  # the converter wrote the leads that were off as zeros
    assert any("Not connected: V1" in issue.sentence for issue in told.issues)


def test_mains_hum_shows_the_rate_that_a_recording_does_not_say(real: Real) -> None:
    counts = np.frombuffer((real("formats") / "contec" / "0000053.ECG").read_bytes()[43:-37], "<u2").reshape(-1, 8)
    power = np.abs(np.fft.rfft((counts[:, 0] - counts[:, 0].mean()) * np.hanning(len(counts)))) ** 2
    place = np.fft.rfftfreq(len(counts), 1 / ECG90A.rate)
    beyond = place > 40
    assert place[beyond][power[beyond].argmax()] == pytest.approx(50, abs=0.05)


def test_rate_and_unit_are_asked_for_and_what_is_known_of_the_device_is_said(real: Real) -> None:
    record = read((real("formats") / "contec" / "0000053.ECG").read_bytes())
    assert record.leads == LEADS
    assert {issue.kind for issue in record.issues if issue.severity == "block"} == {"ASK-UNIT", "ASK-RATE"}
    assert any("800 samples a second in steps of 5 µV" in issue.sentence for issue in record.issues)


def test_leads_come_back_as_written_and_nothing_of_the_person_but_age_and_sex() -> None:
    record = read(recording(rows(), sex=0, age=52))
    assert (record.age, record.sex) == (52.0, "female")
    kept = [record.leads.index(lead) for lead in ("II", "III", "V1", "V2", "V3", "V4", "V5", "V6")]
    np.testing.assert_array_equal(record.signal[kept], rows() - 2048)
    np.testing.assert_array_equal(record.signal[record.leads.index("I")], rows()[0] - rows()[1])
    for word in ("Nobody", "2020", "0000050"):
        assert word not in repr(record)


def test_a_sample_of_a_lead_that_was_off_is_missing() -> None:
    counts = rows()
    counts[2, 5] = 0x6800
    assert np.isnan(read(recording(counts)).signal).sum() == 1


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(recording(rows()[:, :0]), "EMPTY", id="no sample"),
        pytest.param(recording(np.full((8, 9), 0x6800)), "EMPTY", id="no lead connected"),
        pytest.param(recording(rows() + 3000), "BROKEN", id="counts beyond 12 bits"),
        pytest.param(recording(rows())[:-3], "FORMAT", id="cut within a frame"),
    ],
)
def test_a_damaged_recording_is_refused_by_kind(content: bytes, kind: str) -> None:
    (refusal,) = read_records({"made.ECG": content}).refused
    assert refusal.kind == kind
    assert len(refusal.sentence.split()) <= 25
