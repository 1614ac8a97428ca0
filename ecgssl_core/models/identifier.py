"""The part of a bundle that tells persons apart: half-precision weights beside the classifier's."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from ecgssl_core.errors import BundleError

from .bundle import Bundle, halved, load_bundle, reference_input
from .encoder import Encoder
from .identity import IDENTITY, Identity
from .manifest import CARD, MANIFEST, Manifest, file_digest, read_manifest

_TOLERANCE = 2e-3  # directions by one network on different processors


def reference_direction(encoder: Encoder) -> tuple[float, ...]:
    """Give the direction, a unit vector, of the features of the reference input."""
    with torch.inference_mode():
        features = encoder.eval()(encoder.view(torch.from_numpy(reference_input(encoder.spec)))).double()[0]
    return tuple((features / features.norm().clamp(min=1e-12)).tolist())


def add_identity(folder: Path, encoder: Encoder, identity: Identity, section: str) -> Manifest:
    """Put a network that tells persons apart into a released bundle; what stood there of another is replaced.

    Args:
        folder: of the bundle.
        encoder: the network, its weights rounded already.
        identity: all but the reference, which is filled in here.
        section: for the end of the card, Markdown; begins with its heading.

    Returns:
        The manifest as written.

    Raises:
        BundleError: the folder holds no bundle.
    """
    manifest, _ = read_manifest(folder)
    aside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name in manifest.parts:
        shutil.copy(folder / name, aside / name)
    save_file({name: halved(name, value) for name, value in encoder.cpu().state_dict().items()}, aside / IDENTITY)
    heading = section.partition("\n")[0]
    card = (folder / CARD).read_text(encoding="utf-8").partition(f"\n{heading}\n")[0].rstrip()
    (aside / CARD).write_text(f"{card}\n\n{section.rstrip()}\n", encoding="utf-8")
    parts = {name: file_digest(aside / name) for name in sorted({*manifest.parts, IDENTITY})}
    whole = identity.model_copy(update={"reference": reference_direction(encoder)})
    manifest = manifest.model_copy(update={"identity": whole, "parts": parts})
    (aside / MANIFEST).write_text(json.dumps(manifest.model_dump(mode="json"), indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder)
    os.replace(aside, folder)  # noqa: PTH105 - a rename in one step
    return manifest


def load_identifier(folder: Path) -> tuple[Encoder, Identity]:
    """Give the network of a bundle that tells persons apart, and what is known of it.

    Raises:
        BundleError: the bundle has none, or it is damaged or computes something else than when it was released.
    """
    manifest, _ = read_manifest(folder)
    identity = manifest.identity
    if identity is None:
        raise BundleError(f"{folder.name} was never tried on telling persons apart; name a model that was.")
    if file_digest(folder / IDENTITY) != manifest.parts.get(IDENTITY):
        raise BundleError(f"{IDENTITY} of {folder.name} is not what was released; fetch the model again.")
    encoder = Encoder(identity.modality, identity.spec, identity.encoder)
    try:
        encoder.load_state_dict({name: value.float() for name, value in load_file(folder / IDENTITY).items()})
    except (SafetensorError, RuntimeError, KeyError) as error:
        raise BundleError(f"The weights in {IDENTITY} of {folder.name} do not fit its {MANIFEST}.") from error
    encoder.eval().requires_grad_(False)
    if not _agrees(reference_direction(encoder), identity.reference):
        raise BundleError(f"{folder.name} does not give its reference direction here; do not use it, and report this.")
    return encoder, identity


def load_whole(folder: Path) -> Bundle:
    """Give the model in a folder once all of its networks have shown that they compute what they did.

    Raises:
        BundleError: a part is missing or changed, or a network computes something else.
    """
    bundle = load_bundle(folder)
    if bundle.manifest.identity is not None:
        load_identifier(folder)
    return bundle


def _agrees(found: tuple[float, ...], said: tuple[float, ...]) -> bool:
    return len(found) == len(said) and np.allclose(found, said, atol=_TOLERANCE)
