"""Calibration finds what was done to the logits, bounded, and never changes the order of records."""

import numpy as np
import pytest
from scipy.special import expit

from ecgssl_core.evaluation.calibration import Calibration, fit_calibration
from ecgssl_core.evaluation.metrics import rank_curves
from ecgssl_core.evaluation.reliability import calibration_error, log_loss


def sample(records: int, bias: list[float], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Give logits and labels drawn from the probabilities that these logits, shifted by bias, stand for."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 1.5, (records, len(bias)))
    return logits, (random.random(logits.shape) < expit(logits + bias)).astype(np.int8)


def test_an_overconfident_network_gets_its_temperature_back() -> None:
    logits, labels = sample(4000, [0.0, 0.0, 0.0])
    found = fit_calibration(3 * logits, labels)
    np.testing.assert_allclose(found.temperature, 3, rtol=0.12)
    np.testing.assert_allclose(found.bias, 0, atol=0.15)


def test_a_class_with_many_records_gets_its_own_bias() -> None:
    logits, labels = sample(4000, [1.0, -1.0])
    found = fit_calibration(logits, labels)
    np.testing.assert_allclose(found.bias, [1.0, -1.0], atol=0.15)
    np.testing.assert_allclose(found.temperature, 1, rtol=0.12)


def test_classes_with_few_positives_or_negatives_keep_the_shared_temperature_and_no_bias() -> None:
    logits, labels = sample(400, [0.0, 0.0, 0.0, 0.0])
    labels[:, 1] = np.arange(400) < 49
    labels[:, 2] = np.arange(400) >= 49
    found = fit_calibration(logits, labels)
    assert found.temperature[1] == found.temperature[2] != found.temperature[0]
    np.testing.assert_array_equal(found.bias[[1, 2]], 0)


def test_a_class_that_is_separated_perfectly_keeps_the_shared_temperature() -> None:
    logits, labels = sample(400, [0.0, 0.0])
    labels[:, 0] = logits[:, 0] > 0.1
    few = fit_calibration(logits, labels)
    assert few.bias[0] == 0
    assert few.temperature[0] > 0.2


def test_the_temperature_is_bounded() -> None:
    logits, _ = sample(200, [0.0])
    separated = (logits > 0).astype(np.int8)
    assert fit_calibration(logits, separated).temperature[0] == pytest.approx(0.05, rel=1e-3)
    assert fit_calibration(-logits, separated).temperature[0] == pytest.approx(20, rel=1e-3)


def test_the_fit_lowers_log_loss_and_calibration_error() -> None:
    logits, labels = sample(2000, [0.5, -0.5, 0.0])
    before, after = expit(4 * logits), fit_calibration(4 * logits, labels).apply(4 * logits)
    assert (log_loss(labels, after) < log_loss(labels, before)).all()
    assert (calibration_error(labels, after) < calibration_error(labels, before)).all()


def test_calibration_leaves_auroc_and_auprc_unchanged() -> None:
    logits, labels = sample(500, [1.0, -1.0, 0.0])
    probabilities = fit_calibration(logits, labels).apply(logits)
    np.testing.assert_array_equal(rank_curves(labels, probabilities), rank_curves(labels, logits))


def test_unknown_labels_do_not_enter_the_fit() -> None:
    logits, labels = sample(500, [0.5, 0.0])
    hidden = np.vstack((labels, np.full((300, 2), -1, dtype=np.int8)))
    noise = np.random.default_rng(1).normal(0, 9, (300, 2))
    known, more = fit_calibration(logits, labels), fit_calibration(np.vstack((logits, noise)), hidden)
    np.testing.assert_array_equal(known.temperature, more.temperature)
    np.testing.assert_array_equal(known.bias, more.bias)


def test_the_map_is_applied_to_any_leading_shape_and_to_fitting_classes_only() -> None:
    calibration = Calibration(np.array([2.0, 1.0]), np.array([0.0, 1.0]))
    windows = calibration.apply(np.array([[[2.0, 0.0]], [[0.0, -1.0]]], dtype=np.float32))
    np.testing.assert_allclose(windows, expit([[[1.0, 1.0]], [[0.0, 0.0]]]), atol=1e-12)
    with pytest.raises(ValueError, match="3 classes"):
        calibration.apply(np.zeros((1, 3)))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_logits_that_are_not_finite_are_refused(value: float) -> None:
    logits, labels = sample(10, [0.0])
    logits[0] = value
    with pytest.raises(ValueError, match=r"NaN|finite"):
        fit_calibration(logits, labels)


def test_labels_that_are_all_unknown_are_refused() -> None:
    with pytest.raises(ValueError, match="known label"):
        fit_calibration(np.zeros((3, 1)), np.full((3, 1), -1))
