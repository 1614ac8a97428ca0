"""The halves of a validation fold: by patient, repeatable, and never on both sides."""

import numpy as np
import pytest

from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.evaluation import sets_threshold
from ecgssl_core.training.decide import ALPHA, calibration_rows, decide, probabilities
from ecgssl_core.training.halves import in_selection, one_a_patient

CLASSES = load_label_set("cinc2020")


def test_no_patient_is_in_both_halves_and_the_draw_is_repeatable() -> None:
    patients = np.random.default_rng(0).integers(0, 40, 200).astype(str).astype(object)
    chosen = in_selection(patients)
    assert not set(patients[chosen]) & set(patients[~chosen])
    assert abs(len(set(patients[chosen])) - len(set(patients[~chosen]))) <= 1
    np.testing.assert_array_equal(chosen, in_selection(patients))
    order = np.random.default_rng(1).permutation(200)
    np.testing.assert_array_equal(in_selection(patients[order]), chosen[order])


@pytest.mark.parametrize("records", [1, 3])
def test_a_single_patient_is_there_to_choose_on(records: int) -> None:
    patients = np.array(["a"] * records, dtype=object)
    assert in_selection(patients).all()
    assert len(calibration_rows(patients)) == 0


def test_one_record_a_patient_is_the_first() -> None:
    assert one_a_patient(np.array(["b", "a", "b", "c", "a"], dtype=object)).tolist() == [0, 1, 3]


def test_conformal_sets_stand_on_patients_that_chose_nothing() -> None:
    random = np.random.default_rng(0)
    labels = (random.random((300, 24)) < 0.2).astype(np.int8)
    logits = random.normal(size=labels.shape) + 2 * labels - 1
    patients = random.integers(0, 150, 300).astype(str).astype(object)
    chosen = in_selection(patients)
    whole = decide(logits, labels, patients, CLASSES)
    rows = calibration_rows(patients)
    assert not chosen[rows].any()
    assert len(set(patients[rows])) == len(rows)
    expected = np.maximum(sets_threshold(probabilities(whole, logits)[rows], labels[rows], ALPHA), 0)
    np.testing.assert_array_equal(whole.conformal, expected)


def test_calibration_moves_no_record_in_or_out_of_a_set() -> None:
    random = np.random.default_rng(0)
    labels = (random.random((300, 24)) < 0.2).astype(np.int8)
    logits = random.normal(size=labels.shape) + 2 * labels - 1
    patients = random.integers(0, 150, 300).astype(str).astype(object)
    whole, rows = decide(logits, labels, patients, CLASSES), calibration_rows(patients)
    plain = sets_threshold(logits[rows], labels[rows], ALPHA)
    after = probabilities(whole, logits) >= np.array(whole.conformal)
    np.testing.assert_array_equal(after, logits >= plain)
