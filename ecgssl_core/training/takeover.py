"""Pretrained encoders into a classifier: every tensor or none, and what stands in the way said."""

from dataclasses import replace
from typing import Any

from ecgssl_core.errors import LeakError, RunError
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.runs import RunDir
from ecgssl_core.settings import Settings
from ecgssl_core.signals.spec import InputSpec

from .checkpoint import load_weights
from .pretrain import input_spec


def take_over(classifier: Classifier, runs: list[RunDir], settings: Settings) -> list[dict[str, Any]]:
    """Load the encoder of each pretraining run into the classifier, and give what was loaded.

    The published code loaded such files without asking whether any name matched; none did.

    Returns:
        One entry a run: its name, which network, its modality, the number of tensors, all of which fitted.

    Raises:
        RunError: a run has no encoder, one for a modality that the classifier does not have, or one that does not fit.
    """
    loaded = []
    for run in runs:
        modality = run.settings().modality
        if modality not in classifier.encoders:
            raise RunError(f"{run.name} trained a {modality} encoder, which the {settings.arm} network does not have.")
        encoder = classifier.encoders[modality]
        assert isinstance(encoder, Encoder)
        loaded.append(load_encoder(encoder, run, settings.classifier.take))
    return loaded


def load_encoder(encoder: Encoder, run: RunDir, which: str) -> dict[str, Any]:
    """Load the encoder of a pretraining run, and give what was loaded.

    Args:
        encoder: takes it over.
        run: the pretraining.
        which: `student`, or `teacher` where the run has one.

    Raises:
        RunError: the run has no such encoder, or one that does not fit.
    """
    weights = load_weights(run.checkpoints(), f"{which}.encoder.")
    ours = encoder.state_dict()
    missing, strange = sorted(ours.keys() - weights.keys()), sorted(weights.keys() - ours.keys())
    shaped = [name for name in ours.keys() & weights.keys() if ours[name].shape != weights[name].shape]
    if missing or strange or shaped:
        first = (missing + strange + sorted(shaped))[0]
        raise RunError(
            f"The encoder of {run.name} does not fit: {len(missing)} tensors are missing, {len(strange)} unknown, "
            f"{len(shaped)} of another size, first {first}; pretrain with this version and the same [input] and "
            "[encoder]."
        )
    encoder.load_state_dict(weights, strict=True)
    return {"run": run.name, "network": which, "modality": encoder.modality, "tensors": len(weights)}


def spec_with(spec: InputSpec, runs: list[RunDir], settings: Settings) -> InputSpec:
    """Give the input with the statistics that each pretrained encoder was trained with.

    Raises:
        RunError: a run was trained on another form of input.
    """
    for run in runs:
        known = InputSpec.from_json(run.provenance()["spec"])
        # windows may follow each other by another step: that is how a record is scored, and no matter of the encoder
        if replace(input_spec(run.settings()), stride=spec.stride) != input_spec(settings):
            raise RunError(f"{run.name} was trained on another form of input; give both the same [input] settings.")
        if run.settings().modality == "time":
            spec = spec.with_statistics(time_mean=known.time_mean, time_std=known.time_std)
        else:
            spec = spec.with_statistics(spectrogram_mean=known.spectrogram_mean, spectrogram_std=known.spectrogram_std)
    return spec


def seen_by(run: RunDir, held: set[str], settings: Settings) -> set[str]:
    """Give the hashes of the records that a pretraining saw.

    Args:
        run: the pretraining.
        held: hashes of the records that it must not have seen, as `must_be_new` gives them.
        settings: of the fine-tuning; it may name the run transductive.

    Raises:
        RunError: the run does not say.
        LeakError: it has seen some of them.
    """
    seen = set(run.provenance().get("seen", []))
    if not seen:
        raise RunError(f"{run.name} does not say which records it saw; it cannot be scored honestly.")
    if seen & held and settings.data.exposure == "external_pure":
        raise LeakError(
            f"{run.name} has seen {len(seen & held)} records of this pack, which is said to be unknown to it; pretrain "
            "on other packs alone, or leave data.exposure as it is."
        )
    if seen & held and settings.data.exposure == "fold_pure":
        raise LeakError(
            f"{run.name} has seen {len(seen & held)} records of fold {settings.data.fold} or its validation fold; "
            "pretrain for this fold, or name the run data.exposure=transductive."
        )
    return seen
