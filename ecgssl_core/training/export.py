"""From a finished fine-tuning to a bundle: weights, decisions, what was seen, scores, and the card that says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ecgssl_core import __version__
from ecgssl_core.corpus.labels import LabelSet, load_label_set
from ecgssl_core.errors import RunError
from ecgssl_core.evaluation import credit_of
from ecgssl_core.models.bundle import load_network, rounded, save_bundle
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.manifest import FORMAT, Decision, Labels, Manifest, Training, read_manifest
from ecgssl_core.report.pooling import pooled
from ecgssl_core.runs import RunDir
from ecgssl_core.settings import Settings
from ecgssl_core.signals.spec import InputSpec

from .card_leads import tested_sets
from .card_text import card_text
from .checkpoint import load_checkpoint
from .familiar import known_of
from .finetune import start
from .held_out import band_of, held_out_folds, reliability_of
from .identity_card import identity_section
from .split import Split, split

_AGES = (0.01, 0.99)


def release(
    runs: list[RunDir],
    folder: Path,
    remark: str = "",
    version: str = __version__,
    keep_weights: bool = False,
    begun: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Write the model of the first run as a bundle; further runs of the same settings lend the scores of their folds.

    Args:
        runs: finished fine-tunings, one a fold.
        folder: where the bundle goes; its name is the model's.
        remark: what a reader of the scores must know besides; it stands on the card.
        version: of the model.
        keep_weights: the folder holds a release of the first run; its weights stay, and what is said of them is new.
        begun: is told what is begun, in words.

    Raises:
        RunError: a run is not finished, is no fine-tuning, or differs from the first in more than its fold; or the
            weights to keep are of another run.
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
    begun(f"Loading the weights of {first.name}")
    classes, part = load_label_set(settings.data.classes), split(settings)
    spec = InputSpec.from_json(first.provenance()["spec"])
    model = _kept(first, folder) if keep_weights else rounded(_finished(first, settings, spec, len(classes)))
    begun(f"Finding what it knows, from {len(part.train) + len(part.validation):,} training and validation records")
    known, distribution = known_of(model, part)
    begun(f"Counting how often it was right on what it had not seen ({len(runs)} run{'s' * (len(runs) > 1)})")
    manifest = Manifest(
        format=FORMAT,
        name=folder.name,
        version=version,
        classifier=settings.classifier,
        encoder=settings.encoder,
        input=spec.as_json(),
        labels=_labels(classes),
        decision=_decision(runs, classes, found),
        training=_training(first, part, found),
        scores={**_scores(runs, classes), "remark": remark},
        reference=(),
        parts={},
        distribution=distribution,
        tested=tested_sets(runs, classes),
        identity=read_manifest(folder)[0].identity if keep_weights else None,
    )
    begun(f"Writing {folder.name}")
    card = card_text(manifest, settings, part.pack)
    if manifest.identity is not None:
        card = f"{card}\n{identity_section(manifest.identity.figures)}\n"
    return save_bundle(folder, model, manifest, card, known)


def _finished(run: RunDir, settings: Settings, spec: InputSpec, classes: int) -> Classifier:
    method, _ = start(settings, spec, classes, [])
    load_checkpoint(run.checkpoints(), method)
    return method.finished()


def _kept(run: RunDir, folder: Path) -> Classifier:
    released = read_manifest(folder)[0].training.runs[0]
    if released != run.name:
        raise RunError(f"{folder.name} holds the weights of {released}, not of {run.name}; name that run first.")
    return load_network(folder)


def _decision(runs: list[RunDir], classes: LabelSet, found: dict[str, Any]) -> Decision:
    decision = Decision.model_validate(found["decision"])
    whole = held_out_folds(runs, classes)
    folds = ", ".join(map(str, sorted(set(whole.folds.tolist()))))
    source = f"test folds {folds}, each scored by the model of this recipe that had not seen it"
    band = band_of(whole, found["support"], decision.alpha, source)
    return decision.model_copy(update={"reliability": reliability_of(whole, classes, source), "band": band})


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


def _training(run: RunDir, part: Split, found: dict[str, Any]) -> Training:
    ages = part.pack.table["age"].iloc[part.train].dropna()
    youngest, oldest = ages.quantile(_AGES) if len(ages) else (0.0, 120.0)
    return Training(
        arm=found["arm"],
        protocol="; ".join(f"{name}: {text}" for name, text in found["protocol"].items()),
        support=tuple(found["support"]),
        seen=tuple(run.provenance()["seen"]),
        ages=(float(np.floor(youngest)), float(np.ceil(oldest))),
        runs=(run.name, *run.settings().data.encoders),
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
