"""Intervals over seeds: with one seed those of `evaluate` and `compare`, with several the mean under one series."""

import numpy as np
import pytest

from ecgssl_core.evaluation import METRICS, NORMAL_CODE, Answers, challenge_weights, compare, evaluate
from ecgssl_core.report.intervals import Bootstrap
from ecgssl_core.report.pooling import Pool, pool
from tests.made_runs import CLASSES, predictions

CODES = CLASSES.codes
NORMAL = CODES.index(NORMAL_CODE)


def made_pool(salt: str, signal: float, folds: tuple[int, ...] = (0, 1)) -> Pool:
    return pool([(predictions(fold, signal, salt, gated=False), [0.3] * len(CODES)) for fold in folds], CODES)


def test_one_seed_gives_what_evaluate_gives() -> None:
    one = made_pool("a", 1.0)
    found = Bootstrap(CODES, 40).estimate([one])
    wanted = evaluate(
        one.labels,
        one.scores,
        one.outputs,
        one.patients,
        challenge_weights(CODES),
        NORMAL,
        replicates=40,
        minimum=10,
        strata=one.sources,
    )
    for name in METRICS:
        expected, ours = getattr(wanted, name), found.metrics[name]
        ends = (expected.value, expected.low, expected.high)
        assert (ours.value, ours.low, ours.high) == pytest.approx(ends, abs=1e-12)
        assert ours.classes == expected.classes
    assert found.per_class["auroc"][0] == pytest.approx(wanted.class_auroc.value, nan_ok=True)
    assert found.per_class["auroc"][2] == pytest.approx(wanted.class_auroc.high, nan_ok=True)


def test_a_difference_of_one_seed_is_that_of_compare() -> None:
    one, other = made_pool("a", 1.2), made_pool("b", 1.0)
    found = Bootstrap(CODES, 40).difference([(one, other)])
    wanted = compare(
        one.labels,
        Answers(one.scores, one.outputs),
        Answers(other.scores, other.outputs),
        one.patients,
        challenge_weights(CODES),
        NORMAL,
        replicates=40,
        minimum=10,
        strata=one.sources,
    )
    for name in ("auroc", "auprc", "accuracy", "challenge_metric"):
        expected, ours = getattr(wanted, name), found[name]
        assert (ours.value, ours.low, ours.high, ours.p) == pytest.approx(
            (expected.value, expected.low, expected.high, expected.p), abs=1e-12
        )


def test_seeds_are_averaged_and_each_is_told() -> None:
    pools = [made_pool(salt, 1.0) for salt in "abc"]
    found = Bootstrap(CODES, 20).estimate(pools)
    alone = [Bootstrap(CODES, 20).estimate([each]).metrics["auprc"].value for each in pools]
    assert found.by_seed["auprc"] == pytest.approx(alone)
    assert found.metrics["auprc"].value == pytest.approx(np.mean(alone))


def test_the_mean_over_seeds_is_steadier_than_one_of_them() -> None:
    pools = [made_pool(str(salt), 0.3) for salt in range(6)]
    mean, one = (Bootstrap(CODES, 100).estimate(each).metrics["auroc"] for each in (pools, pools[:1]))
    assert mean.high - mean.low < one.high - one.low


def test_an_arm_does_not_differ_from_itself() -> None:
    one = made_pool("a", 1.0)
    found = Bootstrap(CODES, 20).difference([(one, one)])["auroc"]
    assert (found.value, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_a_difference_over_other_records_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="same records"):
        Bootstrap(CODES, 5).difference([(made_pool("a", 1.0), made_pool("a", 1.0, (0,)))])


def test_seeds_of_different_folds_stay_on_their_own_records() -> None:
    whole, part = made_pool("a", 1.0, (0, 1, 2)), made_pool("b", 1.0, (1,))
    found = Bootstrap(CODES, 10).estimate([whole, part])
    apart = [Bootstrap(CODES, 10).estimate([each]).metrics["accuracy"].value for each in (whole, part)]
    assert found.metrics["accuracy"].value == pytest.approx(np.mean(apart))


def test_the_share_of_replicates_that_lack_a_class_is_told() -> None:
    one = made_pool("a", 1.0)
    rare = Bootstrap(CODES, 100, minimum=1).estimate([one])
    wanted = evaluate(
        one.labels,
        one.scores,
        one.outputs,
        one.patients,
        challenge_weights(CODES),
        NORMAL,
        replicates=100,
        minimum=1,
        strata=one.sources,
    )
    assert rare.lacking_any == wanted.lacking > 0
    # the class of a single patient is missing from a replicate with (1 - 1/n)^n, near 0.37
    patients = [len(set(one.patients[column == 1])) for column in one.labels.T]
    single = [place for place, count in enumerate(patients) if count == 1]
    assert single
    assert rare.lacking[single] == pytest.approx(0.37, abs=0.15)
    assert rare.lacking[np.argmax(patients)] == 0
    assert Bootstrap(CODES, 100).estimate([one]).lacking_any < rare.lacking_any
    assert Bootstrap(CODES, 100, minimum=1).lacking([one, one]) == rare.lacking_any
