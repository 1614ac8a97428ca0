"""Coverage of conformal sets, exact binomial intervals, and the three answers of a class."""

import numpy as np
import pytest
from scipy.stats import binomtest

from ecgssl_core.evaluation.conformal import answer_bounds, in_sets, sets_threshold
from ecgssl_core.evaluation.coverage import binomial_interval, coverage


@pytest.mark.parametrize(("hits", "trials"), [(0, 5), (5, 5), (3, 7), (90, 100), (1, 1)])
def test_the_interval_is_clopper_and_pearsons(hits: int, trials: int) -> None:
    low, high = binomial_interval(np.array([hits]), np.array([trials]))
    reference = binomtest(hits, trials).proportion_ci(0.95, "exact")
    assert (low[0], high[0]) == pytest.approx((reference.low, reference.high), abs=1e-10)


def test_no_trial_has_no_interval_and_more_hits_than_trials_are_refused() -> None:
    assert np.isnan(binomial_interval(np.array([0]), np.array([0]))).all()
    with pytest.raises(ValueError, match="hits"):
        binomial_interval(np.array([2]), np.array([1]))


def test_coverage_and_sizes_are_counted() -> None:
    labels = np.array([[1, 0, -1], [1, 1, 0], [0, 0, 0], [1, 0, 0]])
    sets = np.array([[1, 1, 1], [1, 0, 0], [0, 0, 0], [0, 1, 0]])
    found = coverage(labels, sets)
    assert found.positives.tolist() == [3, 1, 0]
    assert found.covered.tolist() == [2, 0, 0]
    np.testing.assert_allclose(found.share, [2 / 3, 0, np.nan])
    assert (found.mean_size, found.empty, found.single) == (1.25, 0.25, 0.5)
    with pytest.raises(ValueError, match="at least one"):
        coverage(labels[:0], sets[:0])


def test_new_records_are_covered_as_promised_and_the_interval_says_so() -> None:
    random = np.random.default_rng(0)
    thresholds = sets_threshold(random.normal(size=(999, 1)), np.ones((999, 1)), 0.1)
    found = coverage(np.ones((4000, 1)), in_sets(random.normal(size=(4000, 1)), thresholds))
    assert found.low[0] < 0.9 < found.high[0] + 0.02
    assert found.share[0] > 0.87


def test_the_three_answers_leave_undecided_what_lies_between_the_bounds() -> None:
    scores = np.concatenate((np.arange(19.0), np.arange(10.0, 29.0)))[:, None]
    labels = (np.arange(38) >= 19).astype(np.int8)[:, None]
    low, high = answer_bounds(scores, labels, 0.1)
    assert (low[0], high[0]) == (11.0, 17.0)  # second lowest positive, second highest negative


def test_bounds_that_cross_keep_the_widest_band_undecided() -> None:
    scores = np.concatenate((np.arange(19.0), np.arange(100.0, 119.0)))[:, None]
    labels = (np.arange(38) >= 19).astype(np.int8)[:, None]
    low, high = answer_bounds(scores, labels, 0.1)
    assert (low[0], high[0]) == (17.0, 101.0)


def test_too_few_records_leave_everything_undecided() -> None:
    low, high = answer_bounds(np.array([[0.1], [0.9]]), np.array([[0], [1]]), 0.1)
    assert (low[0], high[0]) == (-np.inf, np.inf)
