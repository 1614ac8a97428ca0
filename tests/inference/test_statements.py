"""From probabilities to words, by hand."""

import numpy as np
import pytest
from scipy.special import logit

from ecgssl_core.inference.statements import findings
from ecgssl_core.models.manifest import Band, Bin, Manifest, Reliability
from tests.models.test_bundle import CODES, make_manifest


def manifest(**decision: object) -> Manifest:
    made = make_manifest()
    return made.model_copy(
        update={
            "decision": made.decision.model_copy(update=decision),
            "training": made.training.model_copy(update={"support": (9, 100, 100)}),
        }
    )


def said(made: Manifest, *probabilities: float, unfit: str | None = None) -> list[tuple[str, str | None]]:
    return [(one.status, one.reason) for one in findings(made, logit(np.array([probabilities])), unfit)]


def test_without_a_band_the_threshold_decides_and_few_examples_forbid() -> None:
    (few, reason), yes, no = said(manifest(), 0.9, 0.6, 0.4)
    assert few == "not assessed"
    assert reason == "Not assessed: 9 examples in training are too few."
    assert (yes, no) == (("positive", None), ("negative", None))


@pytest.mark.parametrize(
    ("probability", "status"),
    [(0.29, "negative"), (0.31, "undecided"), (0.55, "undecided"), (0.69, "undecided"), (0.71, "positive")],
)
def test_what_lies_in_the_band_is_undecided(probability: float, status: str) -> None:
    band = Band(
        below=(0.3,) * 3, above=(0.7,) * 3, alpha=0.1, missed=None, false=None, undecided=None, source="by hand"
    )
    found, reason = said(manifest(band=band), 0.5, probability, 0.5)[1]
    assert found == status
    assert (reason is None) == (status != "undecided")
    if reason is not None:
        assert "between 30% and 70%" in reason
        assert "10%" in reason


@pytest.mark.parametrize(("probability", "status"), [(0.15, "negative"), (0.4, "undecided"), (0.5, "positive")])
def test_positive_takes_the_threshold_too(probability: float, status: str) -> None:
    band = Band(
        below=(0.2,) * 3, above=(0.3,) * 3, alpha=0.1, missed=None, false=None, undecided=None, source="by hand"
    )
    assert said(manifest(band=band), 0.5, probability, 0.5)[1][0] == status


def test_what_must_not_be_said_is_not_assessed_and_the_numbers_stay() -> None:
    found = findings(manifest(), logit(np.array([[0.9, 0.6, 0.4]])), "Not assessed: so.")
    assert {(one.status, one.reason) for one in found} == {("not assessed", "Not assessed: so.")}
    assert [one.probability for one in found] == pytest.approx([0.9, 0.6, 0.4])


def test_similar_statements_are_the_classs_own_where_there_are_enough() -> None:
    def one(low: float, high: float, hits: int) -> Bin:
        return Bin(low_edge=low, high_edge=high, said=100, true=hits, low=0.1, high=0.9)

    table = Reliability(
        pooled=(one(0, 0.5, 10), one(0.5, 1, 80)), per_class={CODES[1]: (one(0.5, 1, 60),)}, records=1, source=""
    )
    found = findings(manifest(reliability=table), logit(np.array([[0.5, 0.5, 0.4999]])))
    assert [(each.observed, each.observed_of, each.observed_n) for each in found] == [
        (0.8, "all", 100),
        (0.6, "class", 100),
        (0.1, "all", 100),
    ]
    assert findings(manifest(), logit(np.array([[0.5, 0.5, 0.5]])))[0].observed is None
