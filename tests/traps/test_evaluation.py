"""Traps of the published evaluation: choices made on the fold that is reported, thresholds that are not those used."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ecgssl_core.corpus.folds import read_folds
from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.evaluation import NORMAL_CODE, challenge_metric, challenge_weights, choose_thresholds
from ecgssl_core.inference.score_pack import Scores
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.manifest import Decision
from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.settings import Settings
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.training.finetune import score
from ecgssl_core.training.recordings import Rows
from ecgssl_core.training.split import Split, split
from tests.training_small import small

Score = Callable[[Split], RunDir]


@pytest.fixture
def settings(pack: Path) -> Settings:
    """Give the settings of a fine-tuning of the series."""
    return small("quick-tsg", pack, 'classifier.modalities=["time"]')


@pytest.fixture
def scored(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Score:
    """Give a function that scores a split with always the same network, with few replicates."""
    monkeypatch.setattr("ecgssl_core.training.results._REPLICATES", 20, raising=False)
    torch.manual_seed(0)
    network = Classifier(settings.classifier, InputSpec(), 24).eval()

    def run(part: Split) -> RunDir:
        made = create_run(settings)
        score(network, part, settings, made)
        return made

    return run


def test_c2_other_test_labels_change_no_decision_and_no_prediction(settings: Settings, scored: Score) -> None:
    part = split(settings)
    turned = part.labels.copy()
    turned[part.test] = np.where(turned[part.test] == 1, 0, 1)
    one, other = scored(part), scored(replace(part, labels=turned))
    first, second = one.results(), other.results()
    assert first is not None
    assert second is not None
    assert first["decision"] == second["decision"]
    assert first["test"] != second["test"]
    said, again = one.predictions(), other.predictions()
    assert said is not None
    assert again is not None
    columns = [name for name in said.columns if not name.startswith("y_")]
    assert said[columns].equals(again[columns])


def test_c2_validation_labels_do_decide(settings: Settings, scored: Score) -> None:
    part = split(settings)
    turned = part.labels.copy()
    turned[part.validation] = np.where(turned[part.validation] == 1, 0, 1)
    first, second = (scored(one).results() for one in (part, replace(part, labels=turned)))
    assert first is not None
    assert second is not None
    assert first["decision"] != second["decision"]


def test_c2_the_parts_of_a_fold_are_apart(settings: Settings, pack: Path) -> None:
    part, folds = split(settings), read_folds(open_pack(pack))
    assert set(part.test) == set(folds.test(0))
    assert not set(part.test) & {*part.validation, *part.train}
    assert not set(part.validation) & set(part.train)


def test_c10_the_stored_thresholds_are_those_that_gave_the_scores(
    settings: Settings, scored: Score, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, random = split(settings), np.random.default_rng(0)

    def knowing(_network: object, _pack: object, rows: Rows, *_more: object) -> Scores:
        return Scores(random.normal(size=(len(rows), 24)) + 2.0 * part.labels[rows] - 2.0, None)

    monkeypatch.setattr("ecgssl_core.training.finetune.score_pack", knowing)
    run, codes = scored(part), part.classes.codes
    found, said = run.results(), run.predictions()
    assert found is not None
    assert said is not None
    test = said[said["split"] == "test"]
    labels, weights = test[[f"y_{code}" for code in codes]].to_numpy(), challenge_weights(codes)
    probabilities, stored = test[[f"p_{code}" for code in codes]].to_numpy(), np.array(found["decision"]["thresholds"])

    def metric(thresholds: np.ndarray) -> float:
        return challenge_metric(labels, probabilities >= thresholds, weights, codes.index(NORMAL_CODE))

    assert found["test"]["challenge_metric"]["value"] == pytest.approx(metric(stored), abs=1e-9)
    assert metric(0.9 * stored) != pytest.approx(metric(stored), abs=1e-3)  # others would have given another score
    assert found["decision"]["rule"]


def test_c10_a_threshold_keeps_all_its_digits_when_it_is_stored() -> None:
    low, high = 0.50001, 0.50002  # half precision knows no number between 0.5 and 0.50048
    labels = np.repeat([[1, 0], [0, 1]], 40, axis=0)
    probabilities = np.where(labels == 1, high, low)
    chosen = choose_thresholds(labels, probabilities, np.eye(2), 0)
    assert chosen.values.dtype == np.float64
    numbers = tuple(chosen.values.tolist())
    decision = Decision(
        temperature=(1.0,) * 2, bias=(0.0,) * 2, thresholds=numbers, rule=chosen.rule, conformal=numbers, alpha=0.1
    )
    stored = np.array(Decision.model_validate_json(decision.model_dump_json()).thresholds)
    assert np.array_equal(probabilities >= stored, labels == 1)
    assert challenge_metric(labels, probabilities >= stored, np.eye(2), 0) == chosen.metric == 1.0
