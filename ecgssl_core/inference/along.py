"""What a network says along a record, and the features that it has of the whole."""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.models.bundle import Bundle
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.records import Record
from ecgssl_core.signals.spec import cut_windows, filtered, window_starts

from .arranged import arranged
from .explained import Timeline
from .statements import calibration_of
from .windows import score_windows

_BATCH = 256
MOST_WINDOWS = 4096  # of a timeline: of longer records every second, third, … window is scored


def timeline(bundle: Bundle, record: Record) -> Timeline:
    """Give calibrated probabilities and gates of the windows of a record, at most MOST_WINDOWS.

    Raises:
        BundleError: the record lacks leads that the model reads.
    """
    spec, manifest = bundle.input, bundle.manifest
    signal = filtered(arranged(manifest, record), spec)
    if signal.shape[1] < spec.window:
        signal = np.pad(signal, ((0, 0), (0, spec.window - signal.shape[1])))
    starts = window_starts(signal.shape[1], spec)
    starts = starts[:: -(-len(starts) // MOST_WINDOWS)]
    logits, gates = [], []
    for first in range(0, len(starts), _BATCH):  # windows overlap: all at once are twice the record
        part = [signal[:, start : start + spec.window] for start in starts[first : first + _BATCH]]
        scores = score_windows(bundle.model, np.stack(part))
        logits.append(scores.logits)
        gates.append(scores.gates)
    found = calibration_of(manifest).apply(np.concatenate(logits)).astype(np.float32)
    weights = [one.astype(np.float32) for one in gates if one is not None]
    return Timeline(
        manifest.labels.codes,
        tuple((starts / spec.rate).tolist()),
        spec.window / spec.rate,
        found,
        np.concatenate(weights) if weights else None,
    )


def embedding(bundle: Bundle, record: Record) -> NDArray[np.float32]:
    """Give the features that the network has of a record, (width,): the mean over its windows.

    Raises:
        BundleError: the record lacks leads that the model reads.
    """
    windows = cut_windows(arranged(bundle.manifest, record), bundle.input)
    mean: NDArray[np.float32] = features_of(bundle.model, windows).mean(axis=0)
    return mean


def features_of(model: Classifier, windows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the features (windows, width) that a network's head reads, from windows (windows, leads, samples) in mV."""
    return score_windows(model, windows).features
