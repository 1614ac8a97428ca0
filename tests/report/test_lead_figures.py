"""Sets of leads beside all leads: the same records in the same replicates."""

import json

import numpy as np
import pandas as pd
import pytest

from ecgssl_core.evaluation import Interval, auroc
from ecgssl_core.report.intervals import Bootstrap
from ecgssl_core.report.lead_figures import ScoredSets, limb_gap, set_figures, set_pools, sets_tree, verdict
from tests.made_runs import CLASSES, corpus, predictions

COLUMNS = [f"p_{code}" for code in CLASSES.codes]
SIX, TWO = "I, II, III, aVR, aVL, aVF", "I, II"
BOOTSTRAP = Bootstrap(CLASSES.codes, 60)


def scored(fold: int, seed: int = 0, blur: float = 1.0) -> ScoredSets:
    """A run whose set of two says what all leads say, six a little else, and one almost nothing."""
    test = predictions(fold, 2.0, f"seed {seed}", gated=False)
    scores = test[["key", *COLUMNS]]
    noise = np.random.default_rng(fold).normal(scale=blur, size=(len(test), len(COLUMNS)))
    worse = scores.assign(**dict(zip(COLUMNS, (scores[COLUMNS].to_numpy() * 0.2 + noise).T, strict=True)))
    near = scores.assign(**dict(zip(COLUMNS, (scores[COLUMNS].to_numpy() + noise * 1e-2).T, strict=True)))
    sets = [("12 leads", "all", scores), ("6 limb leads", SIX, near), ("2 leads", TWO, scores), ("lead I", "I", worse)]
    frame = pd.concat([part.assign(set=name, names=leads) for name, leads, part in sets], ignore_index=True)
    return ScoredSets(seed, fold, test, [0.3] * len(COLUMNS), frame.sample(frac=1, random_state=fold))


@pytest.fixture(scope="module")
def runs() -> list[ScoredSets]:
    return [scored(fold, seed) for fold in (0, 1) for seed in (0, 1)]


def ordered(runs: list[ScoredSets]) -> list[ScoredSets]:
    return [
        ScoredSets(run.seed, run.fold, run.test, run.thresholds, run.sets.sort_values(["names"], ascending=False))
        for run in runs
    ]


def test_a_difference_is_that_of_the_two_and_nothing_where_both_say_the_same(runs: list[ScoredSets]) -> None:
    found = {one.name: one for one in set_figures(BOOTSTRAP, ordered(runs))}
    assert next(iter(found.values())).name == "12 leads"
    assert found["12 leads"].less == {}
    same = found["2 leads"].less["auroc"]
    assert (same.value, same.low, same.high) == (0, 0, 0)
    assert found["2 leads"].verdict == "equal within 0.01"
    lost = found["lead I"]
    gap = lost.found.metrics["auroc"].value - found["12 leads"].found.metrics["auroc"].value
    assert lost.less["auroc"].value == pytest.approx(gap)
    assert (lost.verdict, lost.less["auroc"].high < 0) == ("lower", True)
    # class by class, on the mean over seeds
    pools = set_pools(CLASSES.codes, ordered(runs))
    apart = [
        auroc(one.labels, one.scores) - auroc(whole.labels, whole.scores)
        for one, whole in zip(pools["I"], pools["all"], strict=True)
    ]
    assert lost.class_less is not None
    assert lost.class_less[0] == pytest.approx(np.mean(apart, axis=0), nan_ok=True)


def test_records_keep_their_own_scores_whatever_the_order_of_the_table(runs: list[ScoredSets]) -> None:
    (whole, _) = set_pools(CLASSES.codes, runs)["all"]
    keys = np.concatenate([corpus(fold)[0] for fold in (0, 1)])
    assert sorted(whole.keys) == sorted(keys)
    test = pd.concat([run.test for run in runs if run.seed == 0]).set_index("key")
    assert np.array_equal(whole.scores, test.loc[whole.keys, COLUMNS].to_numpy())


def test_the_gap_between_six_limb_leads_and_two_is_told(runs: list[ScoredSets]) -> None:
    gap = limb_gap(BOOTSTRAP, runs)
    assert gap is not None
    assert gap.low <= gap.value <= gap.high
    assert abs(gap.value) < 0.01
    without = [
        ScoredSets(run.seed, run.fold, run.test, run.thresholds, run.sets[run.sets["names"] != SIX]) for run in runs
    ]
    assert limb_gap(BOOTSTRAP, without) is None


def test_only_sets_that_all_runs_have_are_shown(runs: list[ScoredSets]) -> None:
    first, *others = ordered(runs)
    less = ScoredSets(first.seed, first.fold, first.test, first.thresholds, first.sets[first.sets["names"] != "I"])
    assert "lead I" not in {one.name for one in set_figures(BOOTSTRAP, [less, *others])}


def test_figures_travel_as_json(runs: list[ScoredSets]) -> None:
    tree = json.loads(json.dumps(sets_tree(CLASSES, set_figures(BOOTSTRAP, ordered(runs))), allow_nan=False))
    assert tree[0]["less"] is None
    assert tree[1]["per_class"][0]["code"] == CLASSES.codes[0]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((-0.009, 0.009), "equal within 0.01"),
        ((-0.02, 0.0099), "open"),
        ((-0.05, -0.02), "lower"),
        ((0.02, 0.03), "higher"),
    ],
)
def test_equal_is_what_lies_within_the_margin_with_its_whole_interval(ends: tuple[float, float], said: str) -> None:
    assert verdict(Interval(sum(ends) / 2, *ends)) == said
