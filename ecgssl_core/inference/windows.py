"""From windows to what is said of the whole record."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit, logit

from ecgssl_core.models.classifier import Classifier

Floats = NDArray[np.float64]
_BATCH = 256  # windows at a time: a long record must not need memory for all at once
_CERTAIN = 1e-7


@dataclass(frozen=True, eq=False)
class WindowScores:
    """What the network says of each window: logits (windows, classes), gates (windows, modalities) or None.

    features: (windows, width), what its head reads.
    """

    logits: Floats
    gates: Floats | None
    features: NDArray[np.float32]


def score_windows(model: Classifier, windows: NDArray[np.float32]) -> WindowScores:
    """Give the network's output for windows (windows, leads, samples) in mV."""
    device = device_of(model)
    logits, gates = [], []
    features: list[NDArray[np.float32]] = []
    with torch.inference_mode():
        for first in range(0, len(windows), _BATCH):
            output = model.eval()(torch.from_numpy(windows[first : first + _BATCH]).to(device))
            logits.append(output.logits.double().cpu().numpy())
            if output.gates is not None:
                gates.append(output.gates.double().cpu().numpy())
            features.append(output.features.float().cpu().numpy())
    return WindowScores(np.concatenate(logits), np.concatenate(gates) if gates else None, np.concatenate(features))


def device_of(model: Classifier) -> torch.device:
    """Give where a network computes."""
    return next(chain(model.parameters(), model.buffers())).device  # at rest it has buffers only


def score_each(model: Classifier, records: Sequence[NDArray[np.float32]]) -> list[WindowScores]:
    """Give the network's output for the windows of each record, scored together."""
    if not records:
        return []
    scores = score_windows(model, np.concatenate(records))
    ends = np.cumsum([len(windows) for windows in records])[:-1]
    logits = np.split(scores.logits, ends)
    gates = [None] * len(records) if scores.gates is None else np.split(scores.gates, ends)
    features = np.split(scores.features, ends)
    return [WindowScores(*parts) for parts in zip(logits, gates, features, strict=True)]


def record_logits(logits: Floats) -> Floats:
    """Give the logits of the record, (classes,): of the mean of its windows' probabilities (Phan et al. 2022)."""
    mean: Floats = np.clip(expit(logits).mean(axis=0), _CERTAIN, 1 - _CERTAIN)
    result: Floats = logit(mean)
    return result
