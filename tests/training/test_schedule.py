"""Schedules at their first, last and middle steps."""

import pytest

from ecgssl_core.settings import load_preset
from ecgssl_core.training.schedule import batch_scaled, cosine, warmup_cosine

STEPS, WARMUP = 3010, 100


@pytest.mark.parametrize(
    ("step", "rate"),
    [(0, 0.0), (1, 5.050505e-6), (50, 2.525253e-4), (99, 5e-4), (100, 5e-4), (1555, 2.505e-4), (3009, 1.000145e-6)],
)
def test_the_rate_warms_up_and_falls(step: int, rate: float) -> None:
    assert warmup_cosine(step, STEPS, WARMUP, 5e-4, 1e-6) == pytest.approx(rate, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(("step", "decay"), [(0, 0.04), (1505, 0.22), (3009, 0.3999999)])
def test_the_decay_rises(step: int, decay: float) -> None:
    assert cosine(step, STEPS, 0.04, 0.4) == pytest.approx(decay, abs=1e-7)


def test_the_rate_follows_the_batch() -> None:
    assert batch_scaled(5e-4, 196) == pytest.approx(3.828125e-4)
    assert load_preset("phan2022-time").optimiser.rate == batch_scaled(5e-4, 196)


def test_no_warm_up_begins_at_the_peak() -> None:
    assert warmup_cosine(0, 10, 0, 1e-3, 0.0) == 1e-3
