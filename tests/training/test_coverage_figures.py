"""Coverage by group of people and of sets with one threshold, counted by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from ecgssl_core.training.coverage_figures import age_bands, by_group, shared_set

TRUTH = np.array([[1, 1, 0], [1, 0, 0], [0, 1, -1], [0, 0, 1], [0, 0, -1]], dtype=np.int8)
SETS = np.array([[1, 0, 1], [1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]], dtype=np.bool_)
TABLE = pd.DataFrame(
    {
        "source": ["b", "b", "a", "a", "a"],
        "sex": ["female", "male", None, "female", "female"],
        "age": [19.9, 20.0, np.nan, 90.0, 80.0],
    }
)


def test_ages_fall_into_bands_that_begin_at_their_year() -> None:
    years = np.array([0, 19.9, 20, 39, 40, 59.5, 60, 79, 80, 90, np.nan])
    assert age_bands(years).tolist() == [
        *["under 20"] * 2,
        *["20 to 39"] * 2,
        *["40 to 59"] * 2,
        *["60 to 79"] * 2,
        *["80 up"] * 2,
        "unknown",
    ]


def test_diagnoses_are_counted_by_source_sex_and_age() -> None:
    found = by_group(TABLE, TRUTH, SETS)
    counted = {
        kind: {row["group"]: (row["records"], row["positives"], row["covered"]) for row in rows}
        for kind, rows in found.items()
    }
    assert counted == {
        "source": {"a": (3, 2, 1), "b": (2, 3, 2)},
        "sex": {"female": (3, 3, 1), "male": (1, 1, 1), "unknown": (1, 1, 1)},
        "age": {"under 20": (1, 2, 1), "20 to 39": (1, 1, 1), "80 up": (2, 1, 0), "unknown": (1, 1, 1)},
    }
    row = found["source"][1]
    exact = binomtest(2, 3).proportion_ci(0.95, "exact")
    assert (row["coverage"], row["low"], row["high"]) == pytest.approx((2 / 3, exact.low, exact.high))
    assert row["mean_size"] == 1.5


def test_a_group_without_a_diagnosis_has_no_coverage() -> None:
    (row,) = by_group(TABLE[4:], TRUTH[4:], SETS[4:])["source"]
    assert (row["records"], row["positives"], row["coverage"]) == (1, 0, None)
    assert np.isnan(row["low"])


def test_the_missed_share_is_a_mean_over_records_with_a_diagnosis() -> None:
    said = np.array([[0.9, 0.1, 0.9], [0.9, 0.1, 0.1], [0.1, 0.9, 0.1], [0.9, 0.9, 0.1], [0.1, 0.1, 0.9]])
    found = shared_set(TRUTH, said, 0.5)
    # records 0 to 3 miss 1/2, 0, 0 and 1
    assert (found["records"], found["diagnosed"], found["missed"]) == (5, 4, 0.375)
    assert found["sd_of_missed"] == pytest.approx(np.std([0.5, 0, 0, 1], ddof=1))
    assert (found["mean_size"], found["single"], found["empty"]) == (1.4, 0.6, 0.0)
    assert shared_set(TRUTH[4:], said[4:], 0.5)["missed"] is None
