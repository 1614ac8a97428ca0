"""From a network's outputs to what may be said of each class."""

import numpy as np

from ecgssl_core.evaluation import Calibration
from ecgssl_core.models.manifest import Manifest

from .prediction import Finding, Gates, Status
from .windows import Floats, WindowScores, record_logits

FEWEST = 10  # positives in training below which a class is not assessed


def findings(manifest: Manifest, logits: Floats) -> tuple[Finding, ...]:
    """Give the statements on each class from the logits of a record's windows, (windows, classes)."""
    decision = manifest.decision
    calibration = calibration_of(manifest)
    found = calibration.apply(record_logits(logits))
    windows = calibration.apply(logits)
    made = []
    for place, (code, name) in enumerate(zip(manifest.labels.codes, manifest.labels.names, strict=True)):
        probability = float(found[place])
        status, reason = _status(manifest, place, probability)
        made.append(
            Finding(
                code=code,
                name=name,
                probability=probability,
                threshold=decision.thresholds[place],
                positive=bool(found[place] >= decision.thresholds[place]),
                support=manifest.training.support[place],
                in_set=bool(found[place] >= decision.conformal[place]),
                low=float(windows[:, place].min()),
                high=float(windows[:, place].max()),
                status=status,
                reason=reason,
            )
        )
    return tuple(made)


def gates_of(scores: WindowScores) -> Gates | None:
    """Give the gates of a record from those of its windows."""
    if scores.gates is None:
        return None
    time, image = scores.gates.mean(axis=0).tolist()
    return Gates(time, image, tuple((first, second) for first, second in scores.gates.tolist()))


def calibration_of(manifest: Manifest) -> Calibration:
    """Give the calibration of a model."""
    return Calibration(np.array(manifest.decision.temperature), np.array(manifest.decision.bias))


def _status(manifest: Manifest, place: int, probability: float) -> tuple[Status, str | None]:
    support = manifest.training.support[place]
    if support < FEWEST:
        return "not assessed", f"Not assessed: {support} examples in training are too few."
    return ("positive" if probability >= manifest.decision.thresholds[place] else "negative"), None
