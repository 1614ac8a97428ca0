"""From a network's outputs to what may be said of each class."""

from typing import Any

import numpy as np

from ecgssl_core.evaluation import Calibration
from ecgssl_core.models.manifest import Manifest, Reliability

from .prediction import Finding, Gates, Status
from .windows import Floats, WindowScores, record_logits

FEWEST = 10  # positives in training below which a class is not assessed


def findings(
    manifest: Manifest, logits: Floats, unfit: str | None = None, *, all_leads: bool = True
) -> tuple[Finding, ...]:
    """Give the statements on each class.

    Args:
        manifest: of the model.
        logits: (windows, classes) of a record's windows.
        unfit: the sentence why nothing is to be said of this record; the numbers are given all the same.
        all_leads: whether none of the model's leads is missing; how often statements were true is known for that alone.
    """
    decision = manifest.decision
    calibration = calibration_of(manifest)
    found = calibration.apply(record_logits(logits))
    windows = calibration.apply(logits)
    made = []
    for place, (code, name) in enumerate(zip(manifest.labels.codes, manifest.labels.names, strict=True)):
        probability = float(found[place])
        status, reason = ("not assessed", unfit) if unfit else _status(manifest, place, probability)
        observed = _observed(decision.reliability if all_leads else None, code, probability)
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
                **observed,
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
    support, threshold = manifest.training.support[place], manifest.decision.thresholds[place]
    if support < FEWEST:
        return "not assessed", f"Not assessed: {support} examples in training are too few."
    band = manifest.decision.band
    if band is None:
        return ("positive" if probability >= threshold else "negative"), None
    below, above = min(band.below[place], threshold), max(band.above[place], threshold)
    if probability < below:
        return "negative", None
    if probability >= threshold and probability > band.above[place]:
        return "positive", None
    wrong = f"at most {band.alpha:.0%} wrong either way"
    return "undecided", f"Undecided: between {_share(below)} and {_share(above)} it cannot be told with {wrong}."


def _share(part: float) -> str:
    return f"{part:.0%}" if part >= 0.1 else f"{part:.2%}"  # a limit near nought is none at nought


def _observed(reliability: Reliability | None, code: str, probability: float) -> dict[str, Any]:
    """Give the bin that a probability falls into: the class's own where it has enough records, else that of all."""
    if reliability is None:
        return {}
    for scope, bins in (("class", reliability.per_class.get(code, ())), ("all", reliability.pooled)):
        for one in bins:
            # the last bin holds its upper edge as well
            if one.low_edge <= probability < one.high_edge or probability == one.high_edge == 1:
                found = {"observed": one.true / one.said, "observed_low": one.low, "observed_high": one.high}
                return {**found, "observed_n": one.said, "observed_of": scope}
    return {}
