"""Logistic regression against another program, and on missing features, rare classes and unknown labels."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from ecgssl_core.training.logistic import fit_logistic, prevalence_logits


def made(records: int = 200) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    features = random.normal(3, 2, (records, 4))
    labels = (features[:, :3] + random.normal(0, 2, (records, 3)) > [3, 4, 6]).astype(np.int8)
    return features, labels


@pytest.mark.parametrize("penalty", [0.5, 20.0])
def test_the_fit_is_that_of_another_program(penalty: float) -> None:
    features, labels = made()
    scaled = (features - features.mean(axis=0)) / features.std(axis=0)
    found = fit_logistic(features, labels, penalty)
    for place in range(3):
        other = LogisticRegression(C=1 / penalty, tol=1e-8).fit(scaled, labels[:, place])
        np.testing.assert_allclose(found.weights[:, place], other.coef_[0], atol=2e-3)
        expected = other.decision_function(scaled)
        np.testing.assert_allclose(found.logits(features)[:, place], expected, atol=5e-3)


def test_missing_features_count_as_average() -> None:
    features, labels = made()
    found = fit_logistic(features, labels, 1.0)
    missing, average = features[:5].copy(), features[:5].copy()
    missing[:, 1], average[:, 1] = np.nan, features[:, 1].mean()
    np.testing.assert_allclose(found.logits(missing), found.logits(average))
    features[:, 3] = np.nan
    assert np.isfinite(fit_logistic(features, labels, 1.0).logits(features)).all()


def test_a_class_of_one_kind_has_its_prevalence_for_all() -> None:
    features, labels = made()
    labels[:, 0], labels[:, 1] = 0, 1
    logits = fit_logistic(features, labels, 1.0).logits(features)
    np.testing.assert_allclose(logits[:, 0], np.log(0.5 / 200.5))
    np.testing.assert_allclose(logits[:, 1], np.log(200.5 / 0.5))


def test_unknown_labels_are_left_out() -> None:
    features, labels = made()
    fewer = labels.copy()
    fewer[:50, 2] = -1
    assert prevalence_logits(fewer)[2] == prevalence_logits(labels[50:])[2]
    once = fit_logistic(features, fewer, 1.0).logits(features)
    features_of_all = fit_logistic(features, labels, 1.0).logits(features)
    np.testing.assert_array_equal(once[:, :2], features_of_all[:, :2])
    assert not np.allclose(once[:, 2], features_of_all[:, 2])
