"""Held-out statements counted by hand: how often they were true, where a class can be neither named nor excluded."""

import numpy as np
import pytest

from ecgssl_core.corpus.labels import LabelSet, load_label_set
from ecgssl_core.evaluation import binomial_interval
from ecgssl_core.report.pooling import Pool
from ecgssl_core.training.familiar import left_out_distances
from ecgssl_core.training.held_out import LEAST, band_of, reliability_of


@pytest.fixture(scope="module")
def classes() -> LabelSet:
    return load_label_set("cinc2020")


def pool(scores: np.ndarray, labels: np.ndarray, patients: np.ndarray | None = None) -> Pool:
    count = len(scores)
    names = np.array([f"p{number:04}" for number in range(count)])
    return Pool(
        keys=names,
        patients=names if patients is None else patients,
        sources=np.array(["made"] * count),
        folds=np.arange(count) % 5,
        labels=labels.astype(np.int8),
        scores=scores,
        thresholds=np.full(scores.shape, 0.5),
        gates=None,
    )


def test_bins_count_what_was_said_and_what_was_true(classes: LabelSet) -> None:
    scores = np.full((40, 24), 0.001)
    labels = np.zeros((40, 24))
    scores[:, 0], labels[:30, 0] = 0.75, 1
    scores[:20, 1], labels[:5, 1] = 0.75, 1
    labels[:, 2] = -1  # unknown: not counted
    found = reliability_of(pool(scores, labels), classes, "made")
    low, high = found.pooled
    assert (low.low_edge, low.high_edge, low.said, low.true) == (0.0, 0.01, 24 * 40 - 40 - 20 - 40, 0)
    assert (high.low_edge, high.high_edge, high.said, high.true) == (0.7, 0.8, 60, 35)
    (own,) = found.per_class[classes.codes[0]]
    assert (own.said, own.true) == (40, 30)
    exact = binomial_interval(np.array([30]), np.array([40]))
    assert own.low <= exact[0][0]
    assert own.high >= exact[1][0]
    # 20 records of the second class are too few for a bin of their own
    assert [one.low_edge for one in found.per_class[classes.codes[1]]] == []
    assert LEAST == 30


def test_records_of_one_patient_make_the_interval_wider(classes: LabelSet) -> None:
    chance = np.random.default_rng(0)
    truth = np.repeat(chance.random(20) < 0.5, 10)
    scores, labels = np.full((200, 24), 0.45), np.zeros((200, 24))
    labels[:, 0] = truth
    of_patients = np.repeat([f"p{number}" for number in range(20)], 10)
    alone, together = (
        reliability_of(pool(scores, labels, patients), classes, "").per_class[classes.codes[0]][0]
        for patients in (None, of_patients)
    )
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_a_band_keeps_its_word_on_folds_that_made_none() -> None:
    chance = np.random.default_rng(0)
    labels = (chance.random((1000, 24)) < 0.3).astype(int)
    scores = 1 / (1 + np.exp(-(chance.standard_normal((1000, 24)) + 2 * labels - 1)))
    found = band_of(pool(scores, labels), [100] * 24, 0.1, "made")
    assert found.missed is not None
    assert found.false is not None
    assert found.undecided is not None
    assert found.missed <= 0.11
    assert found.false <= 0.11
    assert 0.1 < found.undecided < 0.6
    assert all(low < high for low, high in zip(found.below, found.above, strict=True))


def test_with_too_few_cases_nothing_is_ever_excluded() -> None:
    labels = np.zeros((100, 24))
    labels[:8, 0] = 1
    found = band_of(pool(np.full((100, 24), 0.2), labels), [100] * 24, 0.1, "made")
    assert found.below[0] == 0.0


def test_a_record_is_measured_without_its_own_patient() -> None:
    chance = np.random.default_rng(0)
    features = chance.standard_normal((200, 40)).astype(np.float32)
    features[:10] += 100  # one patient like no other
    patients = np.array(["strange"] * 10 + [f"p{number}" for number in range(190)], dtype=object)
    found = left_out_distances(features, patients)
    assert found[:10].min() > 10 * np.median(found[10:])
