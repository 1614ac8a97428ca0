"""One class at one threshold."""

import numpy as np
import pytest

from ecgssl_core.evaluation.detection import detect

LABELS = np.array([1, 1, 1, 0, 0, 0, 0, -1])
SCORES = np.array([0.9, 0.6, 0.2, 0.7, 0.5, 0.1, 0.1, 0.99])
NAMES = np.arange(8).astype(str)


def test_measures_of_a_class_worked_by_hand_leave_unknown_labels_out() -> None:
    found = detect(LABELS, SCORES, 0.6, NAMES, 50)
    assert found.sensitivity.value == pytest.approx(2 / 3)
    assert found.specificity.value == pytest.approx(3 / 4)
    assert found.precision.value == pytest.approx(2 / 3)
    assert found.auroc.value == pytest.approx((4 + 3 + 2) / 12)
    assert (found.positives, found.negatives, found.called) == (3, 4, 3)
    assert found.sensitivity.low <= found.sensitivity.value <= found.sensitivity.high


def test_patients_are_drawn_and_not_records() -> None:
    labels, scores = np.tile(LABELS[:7], 30), np.tile(SCORES[:7], 30)
    alone = detect(labels, scores, 0.6, np.arange(210).astype(str), 400)
    together = detect(labels, scores, 0.6, np.repeat(np.arange(30), 7).astype(str), 400)
    # every patient holds the same records: whoever is drawn, nothing changes
    assert (together.auroc.low, together.auroc.high) == pytest.approx((together.auroc.value,) * 2)
    assert alone.auroc.high - alone.auroc.low > 0.1


def test_a_class_that_nobody_has_has_no_area() -> None:
    found = detect(np.zeros(3), np.array([0.1, 0.2, 0.9]), 0.5, NAMES[:3], 5)
    assert np.isnan([found.auroc.value, found.sensitivity.value]).all()
    assert found.specificity.value == pytest.approx(2 / 3)
