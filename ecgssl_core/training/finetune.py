"""Fine-tuning: labelled records of the training folds, decisions on the validation fold, one look at the test fold."""

from typing import Any

import torch
from torch import nn

from ecgssl_core.corpus.leaks import hashes_seen
from ecgssl_core.errors import RunError
from ecgssl_core.inference.score_pack import score_pack
from ecgssl_core.methods.on_features import OnFeatures, never_changes
from ecgssl_core.methods.supervised import Supervised
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.runs import RunDir, open_run
from ecgssl_core.settings import Settings
from ecgssl_core.signals.spec import InputSpec

from .baselines import baseline
from .decide import decide
from .identify import identify
from .kept import MOST_BYTES, Kept, bytes_kept
from .loader import Loader
from .norm_statistics import settle_statistics
from .pretrain import input_spec
from .progress import say
from .provenance import provenance
from .recordings import Recordings, leads_given
from .results import predictions, results
from .split import Split, must_be_new, split
from .statistics import with_statistics
from .takeover import seen_by, spec_with, take_over
from .train import train, use_device


def finetune(settings: Settings, run: RunDir) -> bool:
    """Train a classifier, decide on the validation fold, score the test fold once.

    Args:
        settings: everything that decides the run; `data.encoders` names the pretraining runs that it starts from.
        run: its folder; it holds predictions and scores at the end.

    Returns:
        Whether it came to its end; False if it was asked to stop.

    Raises:
        EcgError: packs, folds, encoders, device or loss do not allow it.
    """
    if settings.method == "baseline":
        return baseline(settings, run)
    if settings.method == "arcface":
        return identify(settings, run)
    device = use_device(settings)
    part = split(settings)
    say(f"Reading {len(part.train):,} records to train on")
    encoders = [_finished(open_run(name, wanted="pretraining")) for name in settings.data.encoders]
    spec = input_spec(settings)
    recordings = Recordings.of([(part.pack, part.train)], spec, leads_given(settings, spec)).to(device)
    spec = spec_with(with_statistics(spec, recordings) if settings.input.standardise else spec, encoders, settings)
    held = must_be_new(part, settings)
    seen = set(hashes_seen(part.pack, part.train)).union(*(seen_by(run, held, settings) for run in encoders))
    method, loaded = start(settings, spec, len(part.classes), encoders)
    run.write_provenance(
        {
            **provenance(settings, device),
            "packs": [part.pack.digest],
            "folds": part.folds_digest,
            "records": len(recordings),
            "seen": sorted(seen | set(hashes_seen(part.pack, part.validation))),
            "spec": spec.as_json(),
            "loaded": loaded,
        }
    )
    method = method.to(device)
    labels = torch.from_numpy(part.labels[part.train]).to(device)
    drawn = _drawn(method, recordings, spec, run)
    loader = Loader(drawn, labels, settings.training.batch, method.source_samples, settings.training.seed)

    def settle(epoch: int, _means: dict[str, float]) -> dict[str, float]:
        run.beat()
        if epoch + 1 == settings.training.epochs:  # before the last checkpoint, which is what a release loads
            _settle(method, drawn, spec, settings.training.seed)
        return {}

    if not train(method, loader, settings, run, settle):
        return False
    score(method.finished(), part, settings, run)
    return True


def _drawn(method: Supervised, recordings: Recordings, spec: InputSpec, run: RunDir) -> Recordings | Kept:
    """Give what batches are drawn from: the recordings, or what encoders that stay as they are say of them."""
    if not isinstance(method, OnFeatures) or bytes_kept(recordings, method, spec) > MOST_BYTES:
        return recordings
    say(f"Asking the frozen encoder about {len(recordings):,} records, once")
    return Kept.of(recordings, method, spec, run.beat)


def _settle(method: Supervised, drawn: Recordings | Kept, spec: InputSpec, seed: int) -> None:
    """Take the statistics of what was trained anew, from windows, or from what was kept of them."""
    finished = method.finished()
    network: nn.Module = finished
    if isinstance(method, OnFeatures) and isinstance(drawn, Kept):
        network = method.reader(finished)
    settle_statistics(network, spec, drawn, seed, method.frozen_in(finished))


def start(
    settings: Settings, spec: InputSpec, classes: int, encoders: list[RunDir]
) -> tuple[Supervised, list[dict[str, Any]]]:
    """Give the method as it is before the first step, seeded, and what was loaded from the pretraining runs.

    Raises:
        RunError: a run has no encoder, or one that does not fit.
    """
    torch.manual_seed(settings.training.seed)
    encoder = settings.encoder
    if not encoders and settings.classifier.probe == "none" and not encoder.frame_gradient:
        # convolutions that know nothing yet must learn: left at random they are a handicap, and no baseline
        encoder = encoder.model_copy(update={"frame_gradient": 1.0})
    classifier = Classifier(settings.classifier, spec, classes, encoder)
    loaded = take_over(classifier, encoders, settings)
    pretrained = {one["modality"] for one in loaded}
    frozen = tuple(modality for modality in settings.classifier.frozen if modality in pretrained)
    part = settings.classifier.model_copy(update={"frozen": frozen})  # only a probe leaves a random encoder as it is
    settings = settings.model_copy(update={"classifier": part})
    return (OnFeatures if never_changes(settings) else Supervised)(classifier, settings), loaded


def _finished(run: RunDir) -> RunDir:
    state = run.state().state
    if state != "done":
        raise RunError(f"The pretraining {run.name} is {state}, not done; let it end, then resume this one.")
    return run


def score(classifier: Classifier, part: Split, settings: Settings, run: RunDir) -> None:
    """Write decisions, predictions and scores of a trained classifier into its run."""
    say(f"Scoring the validation fold, {len(part.validation):,} records")
    given = leads_given(settings, classifier.spec)
    validation = score_pack(classifier, part.pack, part.validation, given, run.beat)
    say("Deciding on thresholds and calibration")
    decision = decide(validation.logits, part.labels[part.validation], part.patients(part.validation), part.classes)
    say(f"Scoring fold {settings.data.fold}, {len(part.test):,} records, once")
    test = score_pack(classifier, part.pack, part.test, given, run.beat)
    say("Measuring scores and their intervals")
    run.write_predictions(predictions(part, decision, validation, test, settings.data.fold))
    run.write_results(results(part, decision, validation, test, settings))
