"""A bundle applied to records."""

import dataclasses
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ecgssl_core import PURPOSE
from ecgssl_core.cores import usable_cores
from ecgssl_core.evaluation import Calibration
from ecgssl_core.models.bundle import Bundle, load_bundle
from ecgssl_core.records import Quality, Reading, Record, check_quality
from ecgssl_core.signals.spec import arrange, cut_windows, window_starts

from .prediction import Finding, Gates, Prediction
from .windows import WindowScores, record_logits, score_each

_GROUP = 16  # records whose windows go through the network together


def predict(bundle: Bundle, record: Record, leads: Sequence[str] | None = None) -> Prediction:
    """Give what the model says of a record, or why it says nothing.

    Args:
        bundle: the model.
        record: any record; it is brought into the model's leads, rate and windows.
        leads: use these leads of the record only.
    """
    return predict_all(bundle, [record], leads)[0]


def predict_all(
    bundle: Bundle, records: Sequence[Record], leads: Sequence[str] | None = None, at_once: int = 1
) -> list[Prediction]:
    """Give what the model says of each record; the same as of each alone.

    Args:
        bundle: the model.
        records: any records.
        leads: use these leads only.
        at_once: groups of records that are worked on side by side.
    """
    groups = [records[first : first + _GROUP] for first in range(0, len(records), _GROUP)]
    if at_once == 1 or len(groups) < 2:
        return [prediction for group in groups for prediction in _predict_group(bundle, group, leads)]
    with ThreadPoolExecutor(at_once) as pool:
        return [one for group in pool.map(lambda group: _predict_group(bundle, group, leads), groups) for one in group]


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
        "records": [one.as_json() for one in predict_all(bundle, reading.records, leads, usable_cores())],
        "refused": [dataclasses.asdict(refusal) for refusal in reading.refused],
        "note": PURPOSE,
    }


@dataclasses.dataclass(frozen=True, eq=False)
class _Prepared:
    """A record ready for the network: cut into windows, or with the sentence why not."""

    record: Record
    seen: bool
    quality: Quality
    refusal: str | None
    windows: NDArray[np.float32]
    starts: tuple[float, ...]


def _predict_group(bundle: Bundle, records: Sequence[Record], leads: Sequence[str] | None) -> list[Prediction]:
    group = [_prepared(bundle, record, leads) for record in records]
    spoken = [one for one in group if one.refusal is None]
    parts = iter(score_each(bundle.model, [one.windows for one in spoken]))
    return [_prediction(bundle, one, None if one.refusal is not None else next(parts)) for one in group]


def _prepared(bundle: Bundle, record: Record, leads: Sequence[str] | None) -> _Prepared:
    seen = record.digest in bundle.manifest.training.seen
    if leads is not None:
        record = _only(record, leads)
    quality = check_quality(record)
    sentence = _refusal(bundle, record, quality)
    if sentence is not None:
        return _Prepared(record, seen, quality, sentence, np.zeros((0, 0, 0), np.float32), ())
    signal = arrange(record.signal, record.rate, record.leads, bundle.input)
    starts = window_starts(max(signal.shape[1], bundle.input.window), bundle.input) / bundle.input.rate
    return _Prepared(record, seen, quality, None, cut_windows(signal, bundle.input), tuple(starts.tolist()))


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


def _prediction(bundle: Bundle, made: _Prepared, scores: WindowScores | None) -> Prediction:
    return Prediction(
        name=made.record.name,
        model_name=bundle.manifest.name,
        model_sha256=bundle.sha256,
        windows=len(made.starts),
        window_starts_s=made.starts,
        abstained=made.refusal,
        seen=made.seen,
        findings=() if scores is None else _findings(bundle, scores),
        gates=None if scores is None else _gates(scores),
        issues=tuple(dataclasses.asdict(issue) for issue in (*made.record.issues, *made.quality.issues)),
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
