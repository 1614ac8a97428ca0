"""What a file may have done to an ECG: each is named, and told from what the heart did."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.records import Record, check_quality
from ecgssl_core.records.frozen import frozen_columns
from ecgssl_core.records.heartbeats import find_heartbeats
from ecgssl_core.records.lead_checks import bands
from ecgssl_core.records.quality_score import OF_LEAD, ORDERED, unacceptable_chance
from tests.records.changed import Signal, changed, clean_record, told


@pytest.fixture(scope="module")
def record() -> Record:
    return clean_record()


def _swapped_bytes(signal: Signal) -> Signal:
    return (np.rint(signal * 1000).astype(np.int16).byteswap() / 1000).astype(np.float32)


def _one_lead_in_microvolts(signal: Signal) -> None:
    signal[11] *= 1000


def _printed(fill: float) -> Callable[[Signal], None]:
    def change(signal: Signal) -> None:
        for group in range(4):
            rows, kept = slice(3 * group, 3 * group + 3), slice(1250 * group, 1250 * group + 1250)
            there = signal[rows, kept].copy()
            signal[rows] = fill
            signal[rows, kept] = there

    return change


def _pulse(signal: Signal) -> None:
    signal[:, :200] = 0
    signal[:, 50:150] = 1


def _spikes(signal: Signal) -> None:
    signal[6, [1000, 1500, 2000]] += 3


def _offset(signal: Signal) -> None:
    signal[6] += 8


def _exchanged_names(signal: Signal) -> None:
    signal[[4, 5]] = signal[[5, 4]]


@pytest.mark.parametrize(
    ("change", "kind", "severity", "words"),
    [
        (_swapped_bytes, "BROKEN", "block", "wrong order"),
        (_one_lead_in_microvolts, "ASK-UNIT", "block", "Lead V6"),
        (_printed(0), "ASK-LEAD", "block", "3×4"),
        (_printed(np.nan), "ASK-LEAD", "block", "3×4"),
        (_pulse, "QUAL", "note", "calibration pulse"),
        (_spikes, "QUAL", "warn", "3 spikes"),
        (_offset, "QUAL", "note", "from zero"),
    ],
)
def test_what_a_file_did_is_named(
    record: Record, change: Callable[[Signal], Signal | None], kind: str, severity: str, words: str
) -> None:
    def names(one: Record) -> bool:
        return any((issue.kind, issue.severity) == (kind, severity) and words in issue.sentence for issue in told(one))

    assert not names(record)
    assert names(changed(record, change))


def test_a_calibration_pulse_is_no_exchange_of_leads(record: Record) -> None:
    assert check_quality(changed(record, _pulse)).blocked is None


@pytest.mark.parametrize(("rate", "severity"), [(90.0, "warn"), (333.3, "note"), (500.0, None), (499.9, None)])
def test_an_odd_sampling_rate_is_told(record: Record, rate: float, severity: str | None) -> None:
    issues = told(dataclasses.replace(record, rate=rate))
    told_of = [
        issue.severity for issue in issues if "samples a second" in issue.sentence and "fit" not in issue.sentence
    ]
    assert told_of == ([severity] if severity else [])


def test_exchanged_names_of_limb_leads_come_with_the_names_that_fit(record: Record) -> None:
    issues = [issue for issue in told(changed(record, _exchanged_names)) if issue.severity == "block"]
    assert any("aVF for aVL, aVL for aVF" in issue.remedy for issue in issues)


def test_low_voltage_is_unusual_and_no_fault(record: Record) -> None:
    quality = check_quality(changed(record, lambda signal: signal / 6))
    assert quality.blocked is None
    assert any(issue.kind == "ASK-UNIT" for issue in quality.issues)


def test_records_that_people_called_bad_score_worse(real: Callable[[str], Path], shared: Callable[[str], Path]) -> None:
    from benchmarks.firewall.challenge import area
    from ecgssl_core.records import gather, read_records

    lines = [line.split(",") for line in shared("cinc2011_labels.csv").read_text().split()[1:]]
    chances, labels = [], []
    folder = real("cinc2011")
    for name, label in lines[::30]:
        (one,) = read_records(gather([folder / f"{name}.hea"])[0]).records
        parts = bands(one)
        chances.append(unacceptable_chance(one, parts, find_heartbeats(one, parts)))
        labels.append(label == "unacceptable")
    assert area(np.array(labels), np.array(chances, float)) > 0.85


def test_a_record_of_few_leads_has_no_score(record: Record) -> None:
    few = dataclasses.replace(record, signal=record.signal[:2], leads=("I", "II"), lsb_mv=record.lsb_mv[:2])
    parts = bands(few)
    assert unacceptable_chance(few, parts, find_heartbeats(few, parts)) is None
    assert check_quality(few).blocked is None


def test_the_table_of_the_score_fits_its_features() -> None:
    (weights,) = frozen_columns("quality_score.csv", ("weight",))
    assert len(weights) == len(ORDERED) * len(OF_LEAD) + 1
