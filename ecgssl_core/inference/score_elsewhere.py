"""A released model on a labelled pack that it was not made for: the classes that both know, at its own thresholds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.labels import LabelSet, load_label_set
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.persons import patients_unknown
from ecgssl_core.corpus.source import label_set_of
from ecgssl_core.errors import CorpusError
from ecgssl_core.evaluation.detection import MEASURES, Detection, detect
from ecgssl_core.models.bundle import Bundle

from .lead_use import lead_use
from .score_pack import score_pack
from .statements import calibration_of

Places = NDArray[np.int64]


@dataclass(frozen=True)
class _Shared:
    """A class of the model, the pack's own class that means the same, and their places."""

    place: int
    own: int
    code: str
    name: str
    label: str


def score_elsewhere(
    bundle: Bundle,
    pack: Pack,
    given: Sequence[str] | None = None,
    without: Sequence[str] = (),
    replicates: int = 2000,
    beat: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Give AUROC, AUPRC, sensitivity, specificity and precision, with intervals, of each class that both know.

    Nothing is chosen on what is scored. Records that the model has seen are left out.

    Args:
        bundle: the model, with the thresholds that it was released with.
        pack: labelled records.
        given: use these leads only; without it those of the model's that the pack has.
        without: labels of the pack's own; records that have one of them are left out.
        replicates: of the bootstrap.
        beat: is called now and then, as a sign of life.

    Raises:
        CorpusError: no class is shared, no labelled record is left, or the pack cannot be read by the model.
    """
    own = load_label_set(label_set_of(pack.path, str(pack.manifest.get("source", ""))))
    shared = _shared(bundle, own)
    labels = pack.labels(own)
    rows, seen = _rows(bundle, pack, labels, own, without)
    leads = tuple(pack.leads) if given is None else tuple(given)
    logits = score_pack(bundle.model, pack, rows, leads, beat).logits
    found = calibration_of(bundle.manifest).apply(logits)
    table = pack.table.iloc[rows]
    groups = table["patient"].where(table["patient"].notna(), table["key"]).to_numpy(dtype=str)
    classes = []
    for one in shared:
        threshold = bundle.manifest.decision.thresholds[one.place]
        at = detect(labels[rows, one.own], found[:, one.place], threshold, groups, replicates)
        classes.append({"code": one.code, "name": one.name, "label": one.label, "threshold": threshold, **_figures(at)})
    return {
        "model": {"name": bundle.manifest.name, "sha256": bundle.sha256},
        "pack": pack.name,
        "labels": own.name,
        "labels_from": str(pack.manifest.get("labels", "")),
        "records": len(rows),
        "seen_left_out": seen,
        "without": list(without),
        "leads": list(lead_use(bundle.manifest, [lead for lead in leads if lead in pack.leads]).leads),
        "patients": patients_unknown(pack) or "known",
        "replicates": replicates,
        "classes": classes,
    }


def lines_elsewhere(tree: dict[str, Any]) -> list[str]:
    """Give what `score_elsewhere` found as lines of text."""
    labels = tree["labels"] + (f" from {tree['labels_from']}" if tree["labels_from"] else "")
    lines = [
        f"{tree['model']['name']} on {tree['records']:,} records of {tree['pack']} ({labels}), given "
        f"{', '.join(tree['leads'])}; "
        f"{tree['seen_left_out']} records that it had seen are left out; {tree['patients']}."
    ]
    for one in tree["classes"]:
        lines.append(
            f"{one['name']} ({one['code']}, there {one['label']}): {one['positives']} have it, {one['negatives']} have "
            f"not, {one['called']} called at the threshold of {one['threshold']:.3f}"
        )
        lines += [f"  {name:12} {_ends(one[name])}" for name in MEASURES]
    return lines


def _shared(bundle: Bundle, own: LabelSet) -> list[_Shared]:
    labels = bundle.manifest.labels
    found = []
    for place, (code, name) in enumerate(zip(labels.codes, labels.names, strict=True)):
        there = own.index(code)
        if there is not None:
            found.append(_Shared(place, there, code, name, own.codes[there]))
    if not found:
        raise CorpusError(
            f"The labels {own.name} have no class in common with the model {bundle.manifest.name}, so nothing can be "
            "scored."
        )
    return found


def _rows(
    bundle: Bundle, pack: Pack, labels: NDArray[np.int8], own: LabelSet, without: Sequence[str]
) -> tuple[Places, int]:
    """Give the labelled rows to score, and how many are left out because the model has seen them."""
    unknown = [label for label in without if own.index(label) is None]
    if unknown:
        raise CorpusError(f"There is no label {unknown[0]!r} in {own.name}, which has {', '.join(own.codes)}.")
    kept = (labels == 1).any(axis=1)
    for label in without:
        kept &= labels[:, own.index(label)] != 1
    rows = np.flatnonzero(kept)
    if not len(rows):
        raise CorpusError(f"The pack {pack.name} holds no labelled record; pack it again with --labels.")
    new = ~pack.table["sha256"].iloc[rows].isin(bundle.manifest.training.seen).to_numpy(dtype=np.bool_)
    if not new.any():
        raise CorpusError(f"The pack {pack.name} holds no labelled record that the model has not seen.")
    return rows[new], int((~new).sum())


def _figures(found: Detection) -> dict[str, Any]:
    ends = {}
    for name in MEASURES:
        one = getattr(found, name)
        values = {"value": one.value, "low": one.low, "high": one.high}
        ends[name] = {end: value if value == value else None for end, value in values.items()}
    return {"positives": found.positives, "negatives": found.negatives, "called": found.called, **ends}


def _ends(found: dict[str, float | None]) -> str:
    if found["value"] is None or found["low"] is None:
        return "–"
    return f"{found['value']:.3f} [{found['low']:.3f}, {found['high']:.3f}]"
