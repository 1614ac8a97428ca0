"""The arrays of this room, labels, scores and outputs, and what must hold of each before anything is counted."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]
Outputs = NDArray[np.bool_]

UNKNOWN = -1


def as_labels(labels: NDArray[Any]) -> Labels:
    """Give the labels as int8 after checking that each is 1 (has it), 0 (has it not) or -1 (unknown).

    Args:
        labels: (records, classes).

    Raises:
        ValueError: another shape, or another value.
    """
    if labels.ndim != 2:
        raise ValueError(f"labels are (records, classes), not an array of shape {labels.shape}")
    if not np.isin(labels, (UNKNOWN, 0, 1)).all():
        raise ValueError("a label is 1, 0 or, where it is unknown, -1")
    return labels.astype(np.int8)


def as_scores(scores: NDArray[Any], labels: Labels) -> Floats:
    """Give the scores as float64 after checking that they fit the labels and none is NaN; infinite ones may stay.

    Raises:
        ValueError: another shape than the labels, or a NaN, which has no place in any order.
    """
    _same_shape("scores", scores, labels)
    exact = scores.astype(np.float64)
    if np.isnan(exact).any():
        raise ValueError("a score is NaN, so the records cannot be put in order")
    return exact


def as_probabilities(probabilities: NDArray[Any], labels: Labels) -> Floats:
    """Give the probabilities as float64 after checking that they fit the labels and lie in [0, 1].

    Raises:
        ValueError: another shape than the labels, a NaN, or a value outside [0, 1].
    """
    exact = as_scores(probabilities, labels)
    if exact.size and (exact.min() < 0 or exact.max() > 1):
        raise ValueError("a probability lies outside [0, 1]")
    return exact


def as_outputs(outputs: NDArray[Any], labels: Labels) -> Outputs:
    """Give the binary outputs as booleans after checking that they fit the labels.

    Raises:
        ValueError: another shape than the labels, or a value that is neither 0 nor 1.
    """
    _same_shape("outputs", outputs, labels)
    if not np.isin(outputs, (0, 1)).all():
        raise ValueError("an output is 0 or 1")
    return outputs.astype(np.bool_)


def _same_shape(name: str, values: NDArray[Any], labels: Labels) -> None:
    if values.shape != labels.shape:
        raise ValueError(f"{name} have shape {values.shape}, the labels {labels.shape}")
