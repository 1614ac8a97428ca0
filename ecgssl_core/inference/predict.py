"""A bundle applied to one record."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ecgssl_core import PURPOSE
from ecgssl_core.evaluation import Calibration
from ecgssl_core.models.bundle import Bundle, load_bundle
from ecgssl_core.records import Quality, Reading, Record, check_quality
from ecgssl_core.signals.spec import arrange, cut_windows, window_starts

from .prediction import Finding, Gates, Prediction
from .windows import WindowScores, record_logits, score_windows


def predict(bundle: Bundle, record: Record, leads: Sequence[str] | None = None) -> Prediction:
    """Give what the model says of a record, or why it says nothing.

    Args:
        bundle: the model.
        record: any record; it is brought into the model's leads, rate and windows.
        leads: use these leads of the record only.
    """
    seen = record.digest in bundle.manifest.training.seen
    if leads is not None:
        record = _only(record, leads)
    quality = check_quality(record)
    sentence = _refusal(bundle, record, quality)
    if sentence is not None:
        return _prediction(bundle, record, quality, seen=seen, abstained=sentence)
    signal = arrange(record.signal, record.rate, record.leads, bundle.input)
    scores = score_windows(bundle.model, cut_windows(signal, bundle.input))
    starts = window_starts(max(signal.shape[1], bundle.input.window), bundle.input) / bundle.input.rate
    return _prediction(bundle, record, quality, seen=seen, scores=scores, starts=tuple(starts.tolist()))


def predict_reading(model: Path, reading: Reading, leads: Sequence[str] | None = None) -> dict[str, Any]:
    """Give the JSON form of `predict` for everything that was read.

    Raises:
        BundleError: the model is damaged or missing.
    """
    # one thread: the sums come in the same order everywhere, so page and command line agree to the last bit
    torch.set_num_threads(1)
    bundle = load_bundle(model)
    return {
        "model": {"name": bundle.manifest.name, "sha256": bundle.sha256},
        "records": [predict(bundle, record, leads).as_json() for record in reading.records],
        "refused": [dataclasses.asdict(refusal) for refusal in reading.refused],
        "note": PURPOSE,
    }


def _only(record: Record, leads: Sequence[str]) -> Record:
    rows = [record.leads.index(lead) for lead in leads if lead in record.leads]
    return dataclasses.replace(
        record,
        signal=record.signal[rows],
        leads=tuple(record.leads[row] for row in rows),
        lsb_mv=tuple(record.lsb_mv[row] for row in rows),
    )


def _refusal(bundle: Bundle, record: Record, quality: Quality) -> str | None:
    """Give the sentence why the model says nothing of the record: leads, population or quality; None if it speaks."""
    derivable = {"III", "aVR", "aVL", "aVF"} if {"I", "II"} <= set(record.leads) else set()
    missing = [lead for lead in bundle.input.leads if lead not in {*record.leads, *derivable}]
    if missing:
        count = len(bundle.input.leads)
        return f"Not assessed: the model was tested with {count} leads only; {', '.join(missing)} missing here."
    youngest, oldest = bundle.manifest.training.ages
    if record.age is not None and not youngest <= record.age <= oldest:
        return f"Not assessed: the model was trained on people of {youngest:.0f} to {oldest:.0f} years."
    return quality.blocked


def _prediction(
    bundle: Bundle,
    record: Record,
    quality: Quality,
    *,
    seen: bool,
    abstained: str | None = None,
    scores: WindowScores | None = None,
    starts: tuple[float, ...] = (),
) -> Prediction:
    return Prediction(
        name=record.name,
        model_name=bundle.manifest.name,
        model_sha256=bundle.sha256,
        windows=len(starts),
        window_starts_s=starts,
        abstained=abstained,
        seen=seen,
        findings=() if scores is None else _findings(bundle, scores),
        gates=None if scores is None else _gates(scores),
        issues=tuple(dataclasses.asdict(issue) for issue in (*record.issues, *quality.issues)),
    )


def _findings(bundle: Bundle, scores: WindowScores) -> tuple[Finding, ...]:
    manifest, decision = bundle.manifest, bundle.manifest.decision
    calibration = Calibration(np.array(decision.temperature), np.array(decision.bias))
    found = calibration.apply(record_logits(scores.logits))
    windows = calibration.apply(scores.logits)
    return tuple(
        Finding(
            code=code,
            name=name,
            probability=float(found[place]),
            threshold=decision.thresholds[place],
            positive=bool(found[place] >= decision.thresholds[place]),
            support=manifest.training.support[place],
            in_set=bool(found[place] >= decision.conformal[place]),
            low=float(windows[:, place].min()),
            high=float(windows[:, place].max()),
        )
        for place, (code, name) in enumerate(zip(manifest.labels.codes, manifest.labels.names, strict=True))
    )


def _gates(scores: WindowScores) -> Gates | None:
    if scores.gates is None:
        return None
    time, image = scores.gates.mean(axis=0).tolist()
    return Gates(time, image, tuple((first, second) for first, second in scores.gates.tolist()))
