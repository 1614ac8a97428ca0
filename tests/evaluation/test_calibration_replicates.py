"""Intervals of the figures of calibration: each replicate is the figure of the records drawn, patient by patient."""

import numpy as np
import pytest
from scipy.special import expit

from ecgssl_core.evaluation import brier_score, calibration_error, calibration_line, log_loss
from ecgssl_core.evaluation.calibration_replicates import reliability_intervals
from ecgssl_core.evaluation.resampling import draw_counts

NAMES = ("log_loss", "brier", "calibration_error", "slope", "intercept")


def drawn(records: int = 90, slope: float = 0.7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    odds = random.normal(-1, 1.5, (records, 3))
    labels = (random.random(odds.shape) < expit(slope * odds + 0.2)).astype(np.int8)
    labels[::7, 1] = -1
    return labels, expit(odds), np.arange(records) // 2


def test_every_replicate_is_the_figure_of_copied_records() -> None:
    labels, probabilities, groups = drawn()
    (counts,) = draw_counts(groups, 20, seed=3)
    copies = []
    for column in counts.T.astype(int):
        truth, found = (np.repeat(values, column, axis=0).reshape(-1, 1) for values in (labels, probabilities))
        line = calibration_line(truth, found)
        singles = (measure(truth, found)[0] for measure in (log_loss, brier_score, calibration_error))
        copies.append([*singles, line.slope, line.intercept])
    low, high = np.percentile(np.array(copies), (2.5, 97.5), axis=0)
    found = reliability_intervals(labels, probabilities, groups, replicates=20, seed=3)
    for place, name in enumerate(NAMES):
        ours = getattr(found, name)
        assert (ours.low, ours.high) == pytest.approx((low[place], high[place]), abs=1e-6)
    assert found.undefined == 0


def test_the_values_are_those_of_the_whole_sample() -> None:
    labels, probabilities, groups = drawn()
    found = reliability_intervals(labels, probabilities, groups, replicates=50)
    pooled = labels.reshape(-1, 1), probabilities.reshape(-1, 1)
    assert found.log_loss.value == log_loss(*pooled)[0]
    assert found.slope.value == calibration_line(*pooled).slope
    for name in NAMES[:2] + NAMES[3:]:
        assert getattr(found, name).low < getattr(found, name).value < getattr(found, name).high


def test_the_same_seed_gives_the_same_ends_and_another_gives_others() -> None:
    whole = drawn()
    first, again, other = (reliability_intervals(*whole, replicates=30, seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert first.slope.low != other.slope.low


def test_patients_are_drawn_and_not_records() -> None:
    labels, probabilities, _ = drawn(40)
    alike = [np.repeat(values, 10, axis=0) for values in (labels, probabilities)]
    by_patient = reliability_intervals(*alike, np.arange(400) // 10, replicates=200).log_loss
    by_record = reliability_intervals(*alike, np.arange(400), replicates=200).log_loss
    assert by_patient.high - by_patient.low > 2 * (by_record.high - by_record.low)


def test_where_there_is_no_slope_the_rest_keeps_its_ends() -> None:
    labels = np.array([[0], [0], [1], [1]] * 5, dtype=np.int8)
    probabilities = np.where(labels == 1, 0.8, 0.1) + np.linspace(0, 0.05, 20)[:, None]
    found = reliability_intervals(labels, probabilities, np.arange(20), replicates=20)
    assert found.undefined == 1
    assert np.isnan([found.slope.value, found.slope.low, found.intercept.high]).all()
    assert found.brier.low < found.brier.value < found.brier.high
