"""Fine-tuning: labelled records of the training folds, decisions on the validation fold, one look at the test fold."""

import torch

from ecgssl_core.corpus.leaks import hashes_seen
from ecgssl_core.errors import LeakError, RunError
from ecgssl_core.inference.score_pack import score_pack
from ecgssl_core.methods.supervised import Supervised
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.runs import RunDir, open_run
from ecgssl_core.settings import Settings
from ecgssl_core.signals.spec import InputSpec

from .checkpoint import load_weights
from .decide import decide
from .loader import Loader
from .pretrain import input_spec
from .provenance import provenance
from .recordings import Recordings
from .results import predictions, results
from .split import Split, split
from .statistics import with_statistics
from .train import train, use_device

_ENCODER = "student.encoder."


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
    device = use_device(settings)
    part = split(settings)
    encoders = [open_run(name) for name in settings.data.encoders]
    recordings = Recordings.of([(part.pack, part.train)], input_spec(settings)).to(device)
    spec = _spec(settings, recordings, encoders)
    seen = set(hashes_seen(part.pack, part.train)) | {one for other in encoders for one in _seen(other, part, settings)}
    run.write_provenance(
        {
            **provenance(settings, device),
            "packs": [part.pack.digest],
            "folds": part.folds_digest,
            "records": len(recordings),
            "seen": sorted(seen | set(hashes_seen(part.pack, part.validation))),
            "spec": spec.as_json(),
        }
    )
    method = start(settings, spec, len(part.classes), encoders).to(device)
    labels = torch.from_numpy(part.labels[part.train]).to(device)
    loader = Loader(recordings, labels, settings.training.batch, method.source_samples, settings.training.seed)
    if not train(method, loader, settings, run):
        return False
    score(method.finished(), part, settings, run)
    return True


def start(settings: Settings, spec: InputSpec, classes: int, encoders: list[RunDir]) -> Supervised:
    """Give the method as it is before the first step: seeded, with the encoders of the runs taken over strictly.

    Raises:
        RunError: a run has no encoder, or one for a modality that the classifier does not have.
    """
    torch.manual_seed(settings.training.seed)
    classifier = Classifier(settings.classifier, spec, classes)
    for run in encoders:
        modality = run.settings().modality
        if modality not in classifier.encoders:
            raise RunError(f"{run.name} trained a {modality} encoder, which the {settings.arm} network does not have.")
        encoder = classifier.encoders[modality]
        assert isinstance(encoder, Encoder)
        encoder.load_state_dict(load_weights(run.checkpoints(), _ENCODER), strict=True)
    pretrained = {run.settings().modality for run in encoders}
    frozen = tuple(modality for modality in settings.classifier.frozen if modality in pretrained)
    part = settings.classifier.model_copy(update={"frozen": frozen})  # a random encoder is never left as it is
    return Supervised(classifier, settings.model_copy(update={"classifier": part}))


def score(classifier: Classifier, part: Split, settings: Settings, run: RunDir) -> None:
    """Write decisions, predictions and scores of a trained classifier into its run."""
    validation = score_pack(classifier, part.pack, part.validation)
    decision = decide(validation.logits, part.labels[part.validation], part.patients(part.validation), part.classes)
    test = score_pack(classifier, part.pack, part.test)
    run.write_predictions(predictions(part, decision, validation, test, settings.data.fold))
    run.write_results(results(part, decision, validation, test, settings))


def _spec(settings: Settings, recordings: Recordings, encoders: list[RunDir]) -> InputSpec:
    """Give the input with statistics: of each pretrained encoder its own, else those of the training records."""
    spec = with_statistics(input_spec(settings), recordings)
    for run in encoders:
        known = InputSpec.from_json(run.provenance()["spec"])
        if input_spec(run.settings()) != input_spec(settings):
            raise RunError(f"{run.name} was trained on another form of input; give both the same [input] settings.")
        if run.settings().modality == "time":
            spec = spec.with_statistics(time_mean=known.time_mean, time_std=known.time_std)
        else:
            spec = spec.with_statistics(spectrogram_mean=known.spectrogram_mean, spectrogram_std=known.spectrogram_std)
    return spec


def _seen(run: RunDir, part: Split, settings: Settings) -> set[str]:
    seen = set(run.provenance().get("seen", []))
    held = set(hashes_seen(part.pack, [*part.validation, *part.test]))
    if not seen:
        raise RunError(f"{run.name} does not say which records it saw; it cannot be scored honestly.")
    if seen & held and settings.data.exposure == "fold_pure":
        raise LeakError(
            f"{run.name} has seen {len(seen & held)} records of fold {settings.data.fold} or its validation fold; "
            "pretrain for this fold, or name the run data.exposure=transductive."
        )
    return seen
