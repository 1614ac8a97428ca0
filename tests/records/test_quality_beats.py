"""What beats show: that there are none, that their rate cannot be, that one is repeated, that the clock is wrong."""

import dataclasses

import numpy as np
import pytest

from ecgssl_core.records import Record, check_quality
from ecgssl_core.records.beat_checks import heart_rate
from ecgssl_core.records.heartbeats import agreement
from ecgssl_core.records.qrs import qrs_times
from tests.records.changed import Signal, changed, clean_record, told


@pytest.fixture(scope="module")
def record() -> Record:
    return clean_record()


def _brown(signal: Signal) -> Signal:
    walk = np.cumsum(np.random.default_rng(0).normal(size=signal.shape), axis=1)
    walk -= walk.mean(axis=1, keepdims=True)
    return (0.3 * walk / walk.std(axis=1, keepdims=True)).astype(np.float32)


def _repeated(signal: Signal) -> Signal:
    beats = np.rint(qrs_times(signal, 500) * 500).astype(int)
    length = int(np.median(np.diff(beats)))
    return np.tile(signal[:, beats[1] - 150 : beats[1] - 150 + length], 8)


def test_a_random_walk_has_no_beats_that_all_agree_on(record: Record) -> None:
    issues = told(changed(record, _brown))
    assert any("cannot be found with certainty" in issue.sentence for issue in issues)


def test_a_record_without_beats_is_not_predicted(record: Record) -> None:
    quality = check_quality(changed(record, np.zeros_like))
    assert quality.blocked is not None
    assert any("No heartbeats" in issue.sentence for issue in quality.issues)


def test_one_averaged_beat_repeated_is_not_predicted(record: Record) -> None:
    quality = check_quality(changed(record, _repeated))
    assert any("Every beat is the same" in issue.sentence and issue.severity == "block" for issue in quality.issues)
    assert not any("Every beat is the same" in issue.sentence for issue in told(record))


def test_a_heart_that_beats_four_times_too_fast_asks_for_the_sampling_rate(record: Record) -> None:
    assert any(issue.kind == "ASK-RATE" for issue in told(dataclasses.replace(record, rate=record.rate * 4)))


@pytest.mark.parametrize(("factor", "words"), [(0.5, "fit 500 samples"), (2.0, "fit 500 samples")])
def test_half_and_twice_the_sampling_rate_are_noticed(record: Record, factor: float, words: str) -> None:
    issues = told(dataclasses.replace(record, rate=record.rate * factor))
    assert any(issue.kind == "ASK-RATE" and words in issue.sentence for issue in issues)


def test_a_right_clock_is_not_doubted(record: Record) -> None:
    assert not any(issue.kind == "ASK-RATE" for issue in told(record))


def test_the_heart_rate_comes_from_the_median_interval() -> None:
    assert heart_rate(np.array([0.0, 1.0, 2.0, 2.5, 3.5]), 10) == 60
    assert heart_rate(np.array([3.0, 7.0]), 10) == 12
    assert heart_rate(np.array([1.0]), 3) is None


def test_agreement_is_f1() -> None:
    assert agreement(np.array([1.0, 2.0, 3.0]), np.array([1.1, 2.1, 3.1])) == 1
    assert agreement(np.array([1.0, 2.0]), np.array([1.0])) == pytest.approx(2 / 3)
    assert agreement(np.array([1.0, 2.0]), np.array([1.5])) == 0
    assert agreement(np.array([]), np.array([1.5])) == 0
