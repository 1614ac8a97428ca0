"""Whether a pretraining looks collapsed, in a plain sentence with its figures."""

from ecgssl_core.evaluation.collapse import health_of

FINE = {"feature_rank": 30.0, "teacher_entropy": 4.0, "kl_to_uniform": 0.1}
GONE = {"feature_rank": 1.1, "teacher_entropy": 4.0, "kl_to_uniform": 0.1}


def test_a_healthy_run_says_so_with_its_figures() -> None:
    health = health_of([GONE, FINE], 256, 5)
    assert health is not None
    assert (health.sign, health.epochs) == (None, 0)
    assert "effective rank 30.0" in health.sentence
    assert "of at most 5.55 nats" in health.sentence


def test_a_collapse_counts_its_epochs_and_says_what_will_happen() -> None:
    health = health_of([FINE, GONE, GONE], 256, 5)
    assert health is not None
    assert (health.sign, health.epochs) == ("all records have the same features", 2)
    assert "for 2 epochs now" in health.sentence
    assert "stops by itself after 5" in health.sentence
    never = health_of([GONE], 256, 0)
    assert never is not None
    assert "stops by itself" not in never.sentence


def test_a_run_without_prototypes_is_judged_by_likeness() -> None:
    health = health_of([{"feature_rank": 20.0, "alike": 0.999}], 256, 5)
    assert health is not None
    assert health.sign == "all records have the same features"


def test_a_run_that_logs_none_of_it_is_not_judged() -> None:
    assert health_of([{"loss": 1.0}], 256, 5) is None
    assert health_of([], 256, 5) is None
    assert health_of([{"feature_rank": None}], 256, 5) is None
    odd = health_of([{"feature_rank": 20.0, "teacher_entropy": 3.0, "kl_to_uniform": None}], 256, 5)
    assert odd is not None
    assert odd.sign is None
