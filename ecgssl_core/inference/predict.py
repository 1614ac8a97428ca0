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
from ecgssl_core.models.bundle import Bundle, load_bundle
from ecgssl_core.records import Quality, Reading, Record, check_quality
from ecgssl_core.signals.spec import arrange, cut_windows, window_starts

from .arranged import whole
from .lead_use import LeadUse, lacking_sentence, lead_use
from .measured_against import against_measured
from .prediction import Prediction
from .statements import findings, gates_of
from .windows import WindowScores, score_each

_NO_WINDOWS = np.zeros((0, 0, 0), np.float32)
_GROUP = 16  # records whose windows go through the network together


def predict(bundle: Bundle, record: Record, leads: Sequence[str] | None = None, anyway: bool = False) -> Prediction:
    """Give what the model says of a record, or why it says nothing.

    Args:
        bundle: the model.
        record: any record; it is brought into the model's leads, rate and windows.
        leads: use these leads of the record only.
        anyway: speak where quality, age or distance from the known records forbid it; the prediction says so.
    """
    return _predict_group(bundle, [record], leads, anyway)[0]


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
    despite: str | None
    windows: NDArray[np.float32]
    starts: tuple[float, ...]
    use: LeadUse


def _predict_group(
    bundle: Bundle, records: Sequence[Record], leads: Sequence[str] | None, anyway: bool = False
) -> list[Prediction]:
    group = [_prepared(bundle, record, leads, anyway) for record in records]
    spoken = [one for one in group if one.refusal is None]
    parts = iter(score_each(bundle.model, [one.windows for one in spoken]))
    return [_prediction(bundle, one, None if one.refusal is not None else next(parts), anyway) for one in group]


def _strange(bundle: Bundle, scores: WindowScores) -> str | None:
    """Give the sentence that a record lies too far from those that the model was trained on, None if it does not."""
    distribution, known = bundle.manifest.distribution, bundle.known
    if distribution is None or known is None:
        return None
    if known.distance(scores.features.mean(axis=0, keepdims=True))[0] <= distribution.limit:
        return None
    return "Not assessed: this recording is unlike the records that the model knows."


def _prepared(bundle: Bundle, record: Record, leads: Sequence[str] | None, anyway: bool) -> _Prepared:
    seen = record.digest in bundle.manifest.training.seen
    if leads is not None and not set(leads) & set(record.leads):
        none = f"Not assessed: the record has none of the leads {', '.join(leads)}."
        return _Prepared(record, seen, check_quality(record), none, None, _NO_WINDOWS, (), LeadUse((), None, None))
    if leads is not None:
        record = _only(record, leads)
    quality = check_quality(record)
    use, sentence = lead_use(bundle.manifest, record.leads), lacking_sentence(bundle.manifest, record.leads)
    despite = None
    if sentence is None:
        forbidden = _wrong_age(bundle, record) or quality.blocked
        sentence, despite = (None, forbidden) if anyway else (forbidden, None)
    if sentence is not None:
        return _Prepared(record, seen, quality, sentence, None, _NO_WINDOWS, (), use)
    signal = arrange(whole(record) if despite else record.signal, record.rate, record.leads, bundle.input)
    starts = window_starts(max(signal.shape[1], bundle.input.window), bundle.input) / bundle.input.rate
    windows = cut_windows(signal, bundle.input)
    return _Prepared(record, seen, quality, None, despite, windows, tuple(starts.tolist()), use)


def _only(record: Record, leads: Sequence[str]) -> Record:
    rows = [record.leads.index(lead) for lead in leads if lead in record.leads]
    return dataclasses.replace(
        record,
        signal=record.signal[rows],
        leads=tuple(record.leads[row] for row in rows),
        lsb_mv=tuple(record.lsb_mv[row] for row in rows),
    )


def _wrong_age(bundle: Bundle, record: Record) -> str | None:
    youngest, oldest = bundle.manifest.training.ages
    if record.age is None or youngest <= record.age <= oldest:
        return None
    return f"Not assessed: the model was trained on people of {youngest:.0f} to {oldest:.0f} years."


def _prediction(bundle: Bundle, made: _Prepared, scores: WindowScores | None, anyway: bool) -> Prediction:
    abstained, despite = made.refusal, made.despite
    # how far a record with fewer leads may lie from the known ones, nobody has measured
    if scores is not None and despite is None and len(made.use.leads) == len(bundle.input.leads):
        strange = _strange(bundle, scores)
        abstained, despite = (None, strange) if anyway else (strange, None)
        scores = None if abstained else scores
    return Prediction(
        name=made.record.name,
        model_name=bundle.manifest.name,
        model_sha256=bundle.sha256,
        windows=len(made.starts),
        window_starts_s=made.starts,
        abstained=abstained,
        seen=made.seen,
        findings=()
        if scores is None
        else against_measured(findings(bundle.manifest, scores.logits, despite or made.use.unfit), made.record),
        gates=None if scores is None else gates_of(scores),
        issues=tuple(dataclasses.asdict(issue) for issue in (*made.record.issues, *made.quality.issues)),
        despite=despite,
        leads=made.use.leads,
        leads_note=made.use.note,
    )
