"""All seven metrics against plain loops over records and classes, on random and degenerate inputs."""

import itertools
from typing import Any

import numpy as np
import pytest

from ecgssl_core.evaluation.challenge_classes import challenge_classes
from ecgssl_core.evaluation.official import official_scores, scores_json

NAN = float("nan")


def areas(labels: Any, scores: Any) -> tuple[float, float]:
    """Give AUROC and AUPRC of one class, counting anew at every threshold."""
    points = [(0, 0)]  # above all scores nothing is called positive
    for threshold in sorted(set(scores), reverse=True):
        hits = sum(1 for label, score in zip(labels, scores, strict=True) if label and score >= threshold)
        alarms = sum(1 for label, score in zip(labels, scores, strict=True) if not label and score >= threshold)
        points.append((hits, alarms))
    positives, negatives = sum(map(bool, labels)), sum(not label for label in labels)
    roc = precision_recall = 0.0
    for (hits_before, alarms_before), (hits, alarms) in itertools.pairwise(points):
        rise = (hits - hits_before) / positives if positives else NAN
        specificities = sum((negatives - count) / negatives if negatives else NAN for count in (alarms_before, alarms))
        roc += rise * specificities / 2
        precision_recall += rise * hits / (hits + alarms)
    return roc, precision_recall


def cells(labels: Any, outputs: Any, column: int, shared: bool) -> tuple[float, float, float]:
    hits = alarms = misses = 0.0
    for row in range(len(labels)):
        part = 1 / max(sum(labels[row]), 1) if shared else 1.0
        hits += part * (labels[row][column] and outputs[row][column])
        alarms += part * (not labels[row][column] and outputs[row][column])
        misses += part * (labels[row][column] and not outputs[row][column])
    return hits, alarms, misses


def ratio(part: float, whole: float) -> float:
    return part / whole if whole else NAN


def raw_score(labels: Any, outputs: Any, weights: Any) -> float:
    total = 0.0
    for truth, said in zip(labels, outputs, strict=True):
        union = max(sum(bool(one or other) for one, other in zip(truth, said, strict=True)), 1)
        for row, has in enumerate(truth):
            for column, called in enumerate(said):
                if has and called and weights[row][column] == weights[row][column]:
                    total += weights[row][column] / union
    return total


def mean(values: list[float]) -> float:
    known = [value for value in values if value == value]
    return sum(known) / len(known) if known else NAN


def by_loops(labels: Any, scores: Any, outputs: Any, weights: Any, normal: int) -> dict[str, Any]:
    labels, scores, outputs, weights = (np.asarray(one).tolist() for one in (labels, scores, outputs, weights))
    classes = range(len(weights))
    curves = [areas([row[place] for row in labels], [row[place] for row in scores]) for place in classes]
    plain = [cells(labels, outputs, place, False) for place in classes]
    parts = [cells(labels, outputs, place, True) for place in classes]
    f_one = [ratio(2 * hits, 2 * hits + alarms + misses) for hits, alarms, misses in plain]
    only_normal = [[place == normal for place in classes] for _ in labels]
    observed, correct, inactive = (raw_score(labels, said, weights) for said in (outputs, labels, only_normal))
    alike = abs(correct - inactive) <= 1e-12 * max(abs(correct), abs(inactive))
    matches = sum(list(map(bool, row)) == list(map(bool, said)) for row, said in zip(labels, outputs, strict=True))
    return {
        "auroc": mean([one for one, _ in curves]),
        "auprc": mean([one for _, one in curves]),
        "accuracy": matches / len(labels),
        "f_measure": mean(f_one),
        "f_beta_2": mean([ratio(5 * hits, 5 * hits + alarms + 4 * misses) for hits, alarms, misses in parts]),
        "g_beta_2": mean([ratio(hits, hits + alarms + 2 * misses) for hits, alarms, misses in parts]),
        "challenge_metric": 0.0 if alike else (observed - inactive) / (correct - inactive),
        "class_auroc": [one for one, _ in curves],
        "class_auprc": [one for _, one in curves],
        "class_f_measure": f_one,
    }


def assert_same(labels: Any, scores: Any, outputs: Any, weights: Any, normal: int) -> dict[str, Any]:
    expected = by_loops(labels, scores, outputs, weights, normal)
    found = vars(official_scores(labels, scores, outputs, weights, normal))
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=0, atol=1e-12, err_msg=name)
    return expected


def made(seed: int, records: int = 60, classes: int = 6, steps: int = 12) -> tuple[Any, Any, Any, Any, int]:
    random = np.random.default_rng(seed)
    labels = (random.random((records, classes)) < random.uniform(0, 0.6, classes)).astype(np.int8)
    scores = np.round(steps * (0.7 * random.random(labels.shape) + 0.3 * labels)) / steps - 0.25
    outputs = random.random(labels.shape) < 0.2 + 0.4 * labels
    return labels, scores, outputs, random.uniform(-0.2, 1.0, (classes, classes)), int(random.integers(classes))


@pytest.mark.parametrize("seed", range(25))
def test_random_answers_with_ties_and_asymmetric_weights(seed: int) -> None:
    assert_same(*made(seed, records=int(np.random.default_rng(seed).integers(2, 80))))


@pytest.mark.parametrize("year", [2020, 2021])
def test_random_answers_under_the_weights_of_each_year(year: int) -> None:
    scored = challenge_classes(year)
    labels, scores, outputs, _, _ = made(year, classes=len(scored.codes))
    assert_same(labels, scores, outputs, scored.weights, scored.normal)


def test_degenerate_labels_are_undefined_in_the_same_places() -> None:
    labels, scores, outputs, weights, normal = made(3)
    labels[:, 0], labels[:, 1], labels[:, 2] = 0, 1, 0
    outputs[:, 2] = False
    expected = assert_same(labels, scores, outputs, weights, normal)
    assert np.isnan(expected["class_auroc"][:3]).all()
    assert np.isnan(expected["class_auprc"]).tolist()[:3] == [True, False, True]
    assert expected["class_auprc"][1] == pytest.approx(1, abs=1e-12)
    assert expected["class_f_measure"][0] == 0
    assert np.isnan(expected["class_f_measure"][2])


@pytest.mark.parametrize("value", [0.0, -3.5, 1e300])
def test_constant_scores(value: float) -> None:
    labels, scores, outputs, weights, normal = made(4)
    labels[:2] = [[1], [0]]
    expected = assert_same(labels, np.full_like(scores, value), outputs, weights, normal)
    assert expected["auroc"] == pytest.approx(0.5, abs=1e-12)
    np.testing.assert_allclose(expected["class_auprc"], labels.mean(axis=0), atol=1e-12)


@pytest.mark.parametrize("said", [False, True])
@pytest.mark.parametrize("has", [0, 1])
def test_all_or_nothing(has: int, said: bool) -> None:
    labels, scores, outputs, weights, normal = made(5)
    assert_same(np.full_like(labels, has), scores, np.full_like(outputs, said), weights, normal)


def test_one_record_alone() -> None:
    labels, scores, outputs, weights, normal = (value if np.ndim(value) < 2 else value[:1] for value in made(6)[:5])
    labels[0] = [1, 0, 1, 0, 0, 0]
    weights = made(6)[3]
    expected = assert_same(labels, scores, outputs, weights, normal)
    assert np.isnan(expected["auroc"])
    assert expected["auprc"] == pytest.approx(1, abs=1e-12)


def test_records_without_a_scored_label_and_only_normal_ones() -> None:
    labels, scores, outputs, weights, normal = made(7)
    labels[::2] = 0
    assert_same(labels, scores, outputs, weights, normal)
    np.fill_diagonal(weights, 1.0)
    labels[:] = 0
    labels[:, normal] = 1
    assert assert_same(labels, scores, outputs, weights, normal)["challenge_metric"] == 0


def test_nan_weights_drop_out() -> None:
    labels, scores, outputs, weights, normal = made(8)
    weights[np.random.default_rng(0).random(weights.shape) < 0.3] = np.nan
    assert_same(labels, scores, outputs, weights, normal)


def test_json_has_the_promised_keys_and_null_for_what_is_undefined() -> None:
    scored = challenge_classes(2021)
    labels = np.zeros((3, 26), dtype=np.int8)
    found = official_scores(labels, np.zeros((3, 26)), labels, scored.weights, scored.normal)
    tree = scores_json(found, scored)
    assert list(tree) == [
        "year", "classes", "auroc", "auprc", "accuracy", "f_measure", "f_beta_2", "g_beta_2", "challenge_metric",
        "per_class",
    ]  # fmt: skip
    assert tree["auroc"] is None
    assert tree["accuracy"] == 1.0
    assert {name: len(values) for name, values in tree["per_class"].items()} == dict.fromkeys(
        ("auroc", "auprc", "f_measure"), 26
    )
