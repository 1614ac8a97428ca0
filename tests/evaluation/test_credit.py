"""What outputs earn: the challenges' weights where all classes are scored there, else one for a right class."""

import numpy as np

from ecgssl_core.evaluation import challenge_metric, credit_of
from ecgssl_core.evaluation.challenge_classes import NORMAL_CODE, challenge_classes


def test_the_classes_of_a_challenge_have_its_weights() -> None:
    for year in (2020, 2021):
        classes = challenge_classes(year)
        credit = credit_of(classes.codes)
        assert (credit.year, classes.codes[credit.normal]) == (year, NORMAL_CODE)
        np.testing.assert_array_equal(credit.weights, classes.weights)


def test_labels_of_ones_own_earn_one_for_a_right_class_and_nothing_for_the_first_class_always() -> None:
    credit = credit_of(("calm", "busy", "wild"))
    assert (credit.year, credit.normal) == (None, 0)
    labels = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1]])
    always_first = np.tile([1, 0, 0], (4, 1))
    assert challenge_metric(labels, labels, credit.weights, credit.normal) == 1
    assert challenge_metric(labels, always_first, credit.weights, credit.normal) == 0
    assert 0 < challenge_metric(labels, np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0]]), credit.weights, 0) < 1


def test_one_strange_class_takes_a_set_out_of_the_challenges() -> None:
    assert credit_of((*challenge_classes(2020).codes, "mine")).year is None
