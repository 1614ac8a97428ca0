"""How much weight the fusion gate gives each modality, on the mean over the records of each class."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import Floats, as_labels


@dataclass(frozen=True, eq=False)
class GateMeans:
    """Mean gate weights: of each class (classes, modalities), of all records (modalities,), and records a class."""

    by_class: Floats
    overall: Floats
    records: NDArray[np.int64]


def gates_by_class(gates: NDArray[Any], labels: NDArray[Any]) -> GateMeans:
    """Give the mean gate weights over the records of each class; NaN for a class without a record.

    Args:
        gates: (records, modalities), each row adding up to 1: time series, then spectrogram.
        labels: (records, classes), 1, 0 or -1 for unknown; only positives count.

    Raises:
        ValueError: there is no record, or another number of gates than of labels.
    """
    has = (as_labels(labels) == 1).astype(np.float64)
    if gates.ndim != 2 or len(gates) != len(has) or not len(gates):
        raise ValueError(f"gates of shape {gates.shape} do not fit labels of shape {labels.shape}")
    exact = gates.astype(np.float64)
    records = has.sum(axis=0)
    sums = has.T @ exact  # (classes, modalities)
    means = np.divide(sums, records[:, np.newaxis], out=np.full_like(sums, np.nan), where=records[:, np.newaxis] > 0)
    return GateMeans(means, exact.mean(axis=0), records.astype(np.int64))
