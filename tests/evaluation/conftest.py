"""Answers of a made-up system, with ties, rare classes and, on demand, unknown labels."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class MadeAnswers:
    """Labels, what a system says of them, patients, and the weights to judge it by."""

    labels: NDArray[np.int8]
    scores: NDArray[np.float64]
    outputs: NDArray[np.bool_]
    groups: NDArray[np.int64]
    weights: NDArray[np.float64]
    normal: int


@pytest.fixture
def made() -> Callable[..., MadeAnswers]:
    """Give a function that makes answers: better than chance, scores in steps of 0.05, two records a patient or so."""

    def make(seed: int = 0, records: int = 120, classes: int = 5, unknown: float = 0.0) -> MadeAnswers:
        random = np.random.default_rng(seed)
        labels = (random.random((records, classes)) < np.linspace(0.05, 0.5, classes)).astype(np.int8)
        scores = np.round(20 * np.clip(0.6 * random.random((records, classes)) + 0.3 * labels, 0, 1)) / 20
        labels[random.random(labels.shape) < unknown] = -1
        weights: Any = 0.5 * random.random((classes, classes))
        np.fill_diagonal(weights, 1.0)
        return MadeAnswers(
            labels, scores, scores >= 0.5, random.integers(0, records // 2, records), weights, normal=classes - 1
        )

    return make
