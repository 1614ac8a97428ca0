"""The challenge of 2017 scores as its table says."""

import numpy as np
import pytest

from ecgssl_core.evaluation.rhythm_2017 import (
    answered,
    challenge_f1,
    class_f1,
    is_rhythm_set,
    rhythm_table,
    score_rhythms,
)

# true N: 8 as N, 1 as A, 1 as O; true A: 3 as A, 1 as O; true O: 2 as N, 4 as O; true noise: 1 as N, 1 as noise
TRUTH = np.repeat([0, 1, 2, 3], [10, 4, 6, 2])
ANSWERS = np.array([0] * 8 + [1, 2] + [1] * 3 + [2] + [0] * 2 + [2] * 4 + [0, 3])


def test_the_f1_of_a_table_worked_by_hand_leaves_noise_out_of_the_mean() -> None:
    (table,) = rhythm_table(TRUTH, ANSWERS)
    assert table.astype(int).tolist() == [[8, 1, 1, 0], [0, 3, 1, 0], [2, 0, 4, 0], [1, 0, 0, 1]]
    assert class_f1(table) == pytest.approx([16 / 21, 6 / 8, 8 / 12, 2 / 3])
    assert challenge_f1(table) == pytest.approx((16 / 21 + 3 / 4 + 2 / 3) / 3)


def test_a_false_answer_of_noise_costs_the_class_that_it_was() -> None:
    spoilt = ANSWERS.copy()
    spoilt[0] = 3
    before, after = (challenge_f1(rhythm_table(TRUTH, answers)[0]) for answers in (ANSWERS, spoilt))
    assert after < before


def test_a_class_that_nobody_has_and_nobody_is_called_has_no_f1() -> None:
    with pytest.raises(ValueError, match="no record has the rhythm ~"):
        challenge_f1(rhythm_table(TRUTH[:-2], ANSWERS[:-2])[0])
    # called once, it is wrong, and no longer unknown
    assert challenge_f1(rhythm_table(TRUTH[:-2], np.append(ANSWERS[:-3], 3))[0]) > 0


def test_a_replicate_is_the_score_of_its_records_and_one_without_a_class_is_left_out() -> None:
    whole = score_rhythms(TRUTH, ANSWERS, np.arange(len(TRUTH)).astype(str), replicates=300)
    assert whole.f1.low < whole.f1.value < whole.f1.high
    assert [one.value for one in whole.per_class] == pytest.approx([16 / 21, 6 / 8, 8 / 12, 2 / 3])
    assert all(one.low <= one.value <= one.high for one in whole.per_class)
    assert whole.table.sum() == len(TRUTH)
    one_group = score_rhythms(TRUTH, ANSWERS, np.full(len(TRUTH), "one"), replicates=5)
    assert (one_group.f1.low, one_group.f1.high) == pytest.approx((one_group.f1.value,) * 2)


def test_the_answer_is_the_highest_logit() -> None:
    assert answered(np.array([[0.1, 3.0, -1, 0], [-5, -6, -4, -4.5], [1, 1, 0, 0]])).tolist() == [1, 2, 0]
    assert is_rhythm_set(("N", "A", "O", "~"))
    assert not is_rhythm_set(("A", "N", "O", "~"))


def test_what_is_no_rhythm_is_refused() -> None:
    with pytest.raises(ValueError, match="one of N, A, O, ~"):
        rhythm_table(np.array([4]), np.array([0]))
    with pytest.raises(ValueError, match="one true rhythm"):
        rhythm_table(np.array([0, 1]), np.array([0]))
