"""What a network says of a part of a record: one modality alone, fewer leads, stretches muted."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from ecgssl_core.models.bundle import Bundle
from ecgssl_core.models.manifest import Manifest
from ecgssl_core.records import Record
from ecgssl_core.signals.lead_sets import LEAD_SETS, LeadSets, find_sets, set_name
from ecgssl_core.signals.spec import arrange_given, cut_windows, window_starts

from .arranged import arranged
from .explained import LeadSet, Span, TestedFigures
from .lead_use import lead_use
from .prediction import Finding, Prediction
from .statements import findings, gates_of
from .windows import device_of, score_windows

_BATCH = 256


def forced(bundle: Bundle, record: Record) -> dict[str, tuple[Finding, ...]]:
    """Give what the network would say if its gate gave all weight to one modality; empty for one without gates.

    Raises:
        BundleError: the record lacks leads.
    """
    model = bundle.model
    if model.fusion is None:
        return {}
    windows = cut_windows(arranged(bundle.manifest, record), bundle.input)
    logits: dict[str, list[NDArray[np.float64]]] = {name: [] for name in model.encoders}
    with torch.inference_mode():
        for first in range(0, len(windows), _BATCH):
            part = torch.from_numpy(windows[first : first + _BATCH]).to(device_of(model))
            features = model.parts(model.views(part))
            for place, found in enumerate(logits.values()):
                gates = torch.zeros(len(part), 2, device=part.device)
                gates[:, place] = 1.0
                found.append(model.join(features, gates).logits.double().cpu().numpy())
    unfit = "Not assessed: the model was trained and tested with both modalities."
    return {name: findings(bundle.manifest, np.concatenate(found), unfit) for name, found in logits.items()}


def lead_sets(bundle: Bundle, record: Record, further: Sequence[str] = ()) -> tuple[LeadSet, ...]:
    """Give what the network says with all and with fewer leads, the others held at 0 mV.

    Limb leads that follow from those of a set are filled in; a set that the record does not have is left out.

    Args:
        bundle: the model.
        record: any record.
        further: words that name sets beside the usual and the tested ones.

    Raises:
        BundleError: the record lacks leads that the model reads.
        SettingsError: a word names no set.
    """
    spec, signal = bundle.input, arranged(bundle.manifest, record)
    there = lead_use(bundle.manifest, record.leads).leads
    sets = {frozenset(there): (set_name(there), there)} if there != spec.leads else {}
    for name, leads in (*LEAD_SETS, *_tested(bundle.manifest), *find_sets(further)):
        if set(leads) <= set(there):
            sets.setdefault(frozenset(leads), (name, leads))
    found = []
    for name, leads in sets.values():
        given = arrange_given(signal, spec.rate, spec.leads, leads, spec)
        scores = score_windows(bundle.model, cut_windows(given, spec))
        use = lead_use(bundle.manifest, leads)
        said = findings(bundle.manifest, scores.logits, use.unfit)
        found.append(LeadSet(name, leads, use.unfit is None, said, _figures(bundle.manifest, leads), use.note))
    return tuple(found)


def _tested(manifest: Manifest) -> LeadSets:
    return tuple((one.name, one.leads) for one in manifest.tested)


def _figures(manifest: Manifest, leads: tuple[str, ...]) -> TestedFigures | None:
    """Give how the model did on its test folds with exactly these leads; None where that was not tried."""
    one = next((one for one in manifest.tested if set(one.leads) == set(leads)), None)
    if one is None or one.auroc.value is None or one.auroc.low is None or one.auroc.high is None:
        return None
    return TestedFigures(one.auroc.value, one.auroc.low, one.auroc.high, one.records, one.verdict)


def occluded(bundle: Bundle, record: Record, spans: Sequence[Span]) -> Prediction:
    """Give what the network says with stretches of the record held at their lead's median; quality is not asked.

    Raises:
        BundleError: the record lacks leads that the model reads.
    """
    spec, signal = bundle.input, arranged(bundle.manifest, record).copy()
    levels = np.median(signal, axis=1, keepdims=True)
    for span in spans:
        rows = [row for row, lead in enumerate(spec.leads) if span.lead in (None, lead)]
        first, last = (max(round(moment * spec.rate), 0) for moment in (span.start_s, span.end_s))
        signal[rows, first:last] = levels[rows]
    scores = score_windows(bundle.model, cut_windows(signal, spec))
    muted = "Not assessed: stretches of the record are muted." if spans else None
    starts = window_starts(max(signal.shape[1], spec.window), spec) / spec.rate
    return Prediction(
        name=record.name,
        model_name=bundle.manifest.name,
        model_sha256=bundle.sha256,
        windows=len(starts),
        window_starts_s=tuple(starts.tolist()),
        abstained=None,
        seen=record.digest in bundle.manifest.training.seen,
        findings=findings(bundle.manifest, scores.logits, muted),
        gates=gates_of(scores),
        issues=(),
        despite=muted,
    )
