"""What a network says of a part of a record: one modality alone, fewer leads, stretches muted."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from ecgssl_core.models.bundle import Bundle
from ecgssl_core.records import Record
from ecgssl_core.signals.spec import cut_windows, window_starts

from .arranged import arranged, given_rows
from .explained import LeadSet, Span
from .prediction import Finding, Prediction
from .statements import findings, gates_of
from .windows import device_of, score_windows

LEAD_SETS = (
    ("6 limb leads", ("I", "II", "III", "aVR", "aVL", "aVF")),
    ("3 leads", ("I", "II", "V2")),
    ("2 leads", ("I", "II")),
    ("1 lead", ("I",)),
)
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


def lead_sets(bundle: Bundle, record: Record) -> tuple[LeadSet, ...]:
    """Give what the network says with all and with fewer leads, the others held at 0 mV.

    Limb leads that follow from those of a set are filled in; a set that the record does not have is left out.

    Raises:
        BundleError: the record lacks leads that the model reads.
    """
    spec, signal = bundle.input, arranged(bundle.manifest, record)
    sets = [(f"{len(spec.leads)} leads", spec.leads), *LEAD_SETS]
    found = []
    for name, leads in sets:
        if set(leads) <= set(spec.leads):
            rows = given_rows(spec.leads, leads)
            scores = score_windows(bundle.model, cut_windows(np.where(rows[:, None], signal, np.float32(0)), spec))
            tested = rows.all() and leads == spec.leads
            unfit = None if tested else f"Not assessed: the model was tested with {len(spec.leads)} leads only."
            found.append(LeadSet(name, leads, bool(tested), findings(bundle.manifest, scores.logits, unfit)))
    return tuple(found)


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
