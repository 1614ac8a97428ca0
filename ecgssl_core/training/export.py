"""From a finished fine-tuning to a bundle: weights, decisions, what was seen, scores, and the card that says so."""

from pathlib import Path
from typing import Any

import numpy as np

from ecgssl_core import __version__
from ecgssl_core.corpus.labels import LabelSet, load_label_set
from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.errors import RunError
from ecgssl_core.evaluation import credit_of
from ecgssl_core.models.bundle import save_bundle
from ecgssl_core.models.manifest import FORMAT, Decision, Labels, Manifest, Training
from ecgssl_core.report.pooling import pooled
from ecgssl_core.runs import RunDir
from ecgssl_core.settings import Settings
from ecgssl_core.signals.spec import InputSpec

from .card_text import card_text
from .checkpoint import load_checkpoint
from .finetune import start
from .split import split

_AGES = (0.01, 0.99)


def release(runs: list[RunDir], folder: Path, remark: str = "") -> Manifest:
    """Write the model of the first run as a bundle; further runs of the same settings lend the scores of their folds.

    Args:
        runs: finished fine-tunings, one a fold.
        folder: where the bundle goes; its name is the model's.
        remark: what a reader of the scores must know besides; it stands on the card.

    Raises:
        RunError: a run is not finished, is no fine-tuning, or differs from the first in more than its fold.
    """
    first = runs[0]
    settings = first.settings()
    if settings.method == "baseline":
        raise RunError(f"{first.name} is a baseline, which is scored and not released.")
    for run in runs:
        if run.state().state != "done" or run.results() is None:
            raise RunError(f"{run.name} is not a finished fine-tuning; let it end first.")
        if _recipe(run.settings()) != _recipe(settings):
            raise RunError(f"{run.name} was not made with the settings of {first.name}; release them apart.")
    found = first.results()
    assert found is not None
    classes = load_label_set(settings.data.classes)
    spec = InputSpec.from_json(first.provenance()["spec"])
    method, _ = start(settings, spec, len(classes), [])
    load_checkpoint(first.checkpoints(), method)
    manifest = Manifest(
        format=FORMAT,
        name=folder.name,
        version=__version__,
        classifier=settings.classifier,
        input=spec.as_json(),
        labels=_labels(classes),
        decision=Decision.model_validate(found["decision"]),
        training=_training(first, settings, found),
        scores={**_scores(runs, classes), "remark": remark},
        reference=(),
        parts={},
    )
    return save_bundle(
        folder, method.finished(), manifest, card_text(manifest, settings, open_pack(Path(settings.data.pack)))
    )


def _recipe(settings: Settings) -> dict[str, Any]:
    tree = settings.model_dump()
    tree["data"] = {**tree["data"], "fold": None, "encoders": bool(tree["data"]["encoders"])}
    return tree


def _labels(classes: LabelSet) -> Labels:
    return Labels(
        label_set=classes.name,
        codes=classes.codes,
        names=classes.names,
        abbreviations=classes.abbreviations,
        normal=classes.codes[credit_of(classes.codes).normal],
    )


def _training(run: RunDir, settings: Settings, found: dict[str, Any]) -> Training:
    part = split(settings)
    ages = part.pack.table["age"].iloc[part.train].dropna()
    youngest, oldest = ages.quantile(_AGES) if len(ages) else (0.0, 120.0)
    return Training(
        arm=found["arm"],
        protocol="; ".join(f"{name}: {text}" for name, text in found["protocol"].items()),
        support=tuple(found["support"]),
        seen=tuple(run.provenance()["seen"]),
        ages=(float(np.floor(youngest)), float(np.ceil(oldest))),
        runs=(run.name, *settings.data.encoders),
    )


def _scores(runs: list[RunDir], classes: LabelSet) -> dict[str, Any]:
    """Give the scores of the shipped model's test fold, and, of several runs, those of all folds pooled."""
    own = runs[0].results() or {}
    scores: dict[str, Any] = {
        "fold": own["fold"],
        "records": own["records"],
        "test": own["test"],
        "per_class": own["per_class"],
    }
    if own["gates"] is not None:
        scores["gates"] = own["gates"]["mean"]
    if len(runs) > 1:
        scores["pooled"] = pooled(runs, classes)
    return scores
