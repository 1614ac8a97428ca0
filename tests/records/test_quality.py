"""Signal quality: each fault is found on a real record, and clean records pass."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ecgssl_core.records import Record, check_quality, gather, read_records

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.hea"))
Signal = NDArray[np.float32]


@pytest.fixture(scope="module")
def record() -> Record:
    """Give a clean recording: a sinus rhythm of PTB-XL."""
    files, _ = gather([path for path in EXAMPLES if path.stem == "HR00009"])
    return read_records(files).records[0]


def _changed(record: Record, change: Callable[[Signal], None], **fields: object) -> Record:
    signal = record.signal.copy()
    change(signal)
    return dataclasses.replace(record, signal=signal, **fields)  # type: ignore[arg-type]


def _flat(signal: Signal) -> None:
    signal[7] = 0.1


def _flat_for_a_while(signal: Signal) -> None:
    signal[7, 1000:2000] = 0.1


def _gap(signal: Signal) -> None:
    signal[3, 100:400] = np.nan


def _copied(signal: Signal) -> None:
    signal[4] = signal[8]


def _exchanged(signal: Signal) -> None:
    signal[[4, 5]] = signal[[5, 4]]


def _thousandfold(signal: Signal) -> None:
    signal *= 1000


def _hum(signal: Signal) -> None:
    signal[6] += 0.3 * np.sin(2 * np.pi * 50 * np.arange(signal.shape[1]) / 500)


def _drift(signal: Signal) -> None:
    signal[9] += 1.5 * np.sin(2 * np.pi * 0.2 * np.arange(signal.shape[1]) / 500)


def _muscle(signal: Signal) -> None:
    signal[10] += np.random.default_rng(0).normal(0, 0.06, signal.shape[1])


def _clipped(signal: Signal) -> None:
    signal[8] = np.clip(signal[8], -0.1, 0.1)


def test_a_clean_record_may_be_predicted(record: Record) -> None:
    quality = check_quality(record)
    assert quality.blocked is None
    assert [lead.lead for lead in quality.leads] == list(record.leads)
    assert all(lead.mark in ("good", "warn") for lead in quality.leads)


@pytest.mark.parametrize(
    ("change", "lead", "words"),
    [
        (_flat, "V2", "flat for more than half"),
        (_gap, "aVR", "missing"),
        (_copied, "aVL", "a copy of|does not follow"),
        (_exchanged, "aVL", "does not follow from I and II"),
        (_clipped, "V3", "cut off"),
        (_thousandfold, None, "an ECG spans"),
    ],
)
def test_what_makes_a_prediction_worthless_blocks_it(
    record: Record, change: Callable[[Signal], None], lead: str | None, words: str
) -> None:
    import re

    quality = check_quality(_changed(record, change))
    assert quality.blocked is not None
    blocking = [issue for issue in quality.issues if issue.severity == "block"]
    assert any(re.search(words, issue.sentence) and issue.lead in (lead, "V3", None) for issue in blocking)
    assert all(issue.remedy for issue in quality.issues)


@pytest.mark.parametrize(
    ("change", "lead", "words"),
    [
        (_flat_for_a_while, "V2", "flat for 2.0 s"),
        (_hum, "V1", "50 Hz"),
        (_drift, "V4", "baseline wanders"),
        (_muscle, "V5", "muscle noise"),
    ],
)
def test_what_a_reader_should_know_warns(
    record: Record, change: Callable[[Signal], None], lead: str, words: str
) -> None:
    quality = check_quality(_changed(record, change))
    assert quality.blocked is None
    (marked,) = [one for one in quality.leads if one.lead == lead]
    assert marked.mark == "warn"
    assert any(words in issue.sentence for issue in marked.issues)


def test_two_seconds_are_too_short(record: Record) -> None:
    short = dataclasses.replace(record, signal=record.signal[:, :1000])
    assert "2.5 s" in str(check_quality(short).blocked)


def test_the_signal_is_left_as_it_was(record: Record) -> None:
    before = record.signal.copy()
    check_quality(record)
    assert np.array_equal(before, record.signal)


def test_few_real_records_are_blocked(real: Callable[[str], Path]) -> None:
    headers = sorted((real("cinc2020") / "ptb-xl").glob("*.hea"))[::12]
    blocked = []
    for header in headers:
        (record,) = read_records(gather([header])[0]).records
        if check_quality(record).blocked:
            blocked.append(header.stem)
    assert len(blocked) <= 0.02 * len(headers) + 1, blocked
