"""A classifier as a folder: half-precision weights, a manifest, a card; loading proves that it computes what it did."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from ecgssl_core.errors import BundleError
from ecgssl_core.signals.spec import InputSpec

from .at_rest import at_rest
from .classifier import Classifier
from .identity import IDENTITY
from .known import Known, load_known
from .manifest import CARD, KNOWN, MANIFEST, WEIGHTS, Manifest, damaged_parts, file_digest, read_manifest

Network = TypeVar("Network", bound=nn.Module)
_TOLERANCE = 2e-3  # logits of one network on different processors


@dataclass(frozen=True)
class Bundle:
    """A model ready for use: its manifest, the sha256 of that, the network in evaluation mode, and what it knows."""

    manifest: Manifest
    sha256: str
    model: Classifier
    known: Known | None = None

    @property
    def input(self) -> InputSpec:
        """What the network reads."""
        return self.manifest.spec


def reference_input(spec: InputSpec) -> NDArray[np.float32]:
    """Give a made-up window (1, leads, samples), in mV: one sine a lead, each of another rate and height."""
    seconds = np.arange(spec.window) / spec.rate
    lead = np.arange(1, len(spec.leads) + 1)[:, None]
    return (0.1 * lead * np.sin(2 * np.pi * lead * seconds)).astype(np.float32)[None]


def reference_output(model: Classifier) -> tuple[float, ...]:
    """Give the logits of the reference input."""
    with torch.no_grad():
        logits: Tensor = model.eval()(torch.from_numpy(reference_input(model.spec))).logits
    return tuple(logits[0].tolist())


def rounded(model: Network) -> Network:
    """Round the weights of a network to half precision, in place, as they are stored; give it in evaluation mode."""
    halves = {name: halved(name, value) for name, value in model.cpu().state_dict().items()}
    model.load_state_dict({name: value.float() for name, value in halves.items()})
    return model.eval()


def save_bundle(folder: Path, model: Classifier, manifest: Manifest, card: str, known: Known | None = None) -> Manifest:
    """Write the bundle of a network, in half precision.

    Args:
        folder: where to; what stands there is replaced in one move.
        model: the network; its weights are rounded to half precision in place.
        manifest: all but parts and reference, which are filled in here; with `identity`, that of the folder's bundle.
        card: text of the model card, Markdown.
        known: what goes with `manifest.distribution`.

    Returns:
        The manifest as written.
    """
    aside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    save_file({name: halved(name, value) for name, value in rounded(model).state_dict().items()}, aside / WEIGHTS)
    (aside / CARD).write_text(card)
    if known is not None:
        known.save(aside / KNOWN)
    if manifest.identity is not None:
        shutil.copy(folder / IDENTITY, aside / IDENTITY)
    names = [name for name in (WEIGHTS, CARD, KNOWN, IDENTITY) if (aside / name).is_file()]
    parts = {name: file_digest(aside / name) for name in names}
    manifest = manifest.model_copy(update={"reference": reference_output(model), "parts": parts})
    (aside / MANIFEST).write_text(json.dumps(manifest.model_dump(mode="json"), indent=1) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(aside, folder)  # noqa: PTH105 - a rename in one step
    return manifest


def load_bundle(folder: Path) -> Bundle:
    """Give the model in a folder.

    Raises:
        BundleError: a part is missing or changed, a tensor does not fit, or the network computes something else than
            when it was released.
    """
    manifest, sha256 = read_manifest(folder)
    damaged = damaged_parts(folder, manifest)
    if damaged:
        raise BundleError(f"{', '.join(damaged)} of {folder.name} is not what was released; fetch the model again.")
    model = _network(folder, manifest)
    at_rest(model)
    found = np.array(reference_output(model))
    if not np.allclose(found, manifest.reference, atol=_TOLERANCE):
        raise BundleError(f"{folder.name} does not give its reference output here; do not use it, and report this.")
    return Bundle(manifest, sha256, model, None if manifest.distribution is None else load_known(folder / KNOWN))


def load_network(folder: Path) -> Classifier:
    """Give the network of a bundle as it was trained, in evaluation mode; `load_bundle` is what predictions need.

    Raises:
        BundleError: the manifest or a tensor is missing or does not fit.
    """
    return _network(folder, read_manifest(folder)[0])


def _network(folder: Path, manifest: Manifest) -> Classifier:
    model = Classifier(manifest.classifier, manifest.spec, len(manifest.labels.codes), manifest.encoder)
    try:
        model.load_state_dict({name: value.float() for name, value in load_file(folder / WEIGHTS).items()})
    except (SafetensorError, RuntimeError, KeyError) as error:
        raise BundleError(f"The weights of {folder.name} do not fit its {MANIFEST}.") from error
    return model.eval().requires_grad_(False)


def halved(name: str, value: Tensor) -> Tensor:
    """Give a tensor as a bundle stores it: in half precision, but for statistics of the input and counts."""
    # the statistics of the input stay whole: they are few, and small numbers among them would lose digits
    whole = name.endswith((".mean", ".std", "num_batches_tracked"))
    return value.clone() if whole or not value.is_floating_point() else value.half()
