"""From a run that tells persons apart to a part of a released bundle, with its operating points."""

from pathlib import Path
from typing import Any

from ecgssl_core.errors import RunError
from ecgssl_core.models.bundle import rounded
from ecgssl_core.models.identifier import add_identity
from ecgssl_core.models.identity import Identity, LeadSetPoints, OperatingPoint
from ecgssl_core.models.manifest import Manifest
from ecgssl_core.runs import RunDir
from ecgssl_core.signals.spec import InputSpec

from .checkpoint import load_checkpoint
from .identity_card import identity_section
from .pretrain import new_method


def release_identity(run: RunDir, folder: Path) -> Manifest:
    """Add the network of a run that tells persons apart to a released bundle.

    Args:
        run: it is done.
        folder: of the bundle; its classifier stays as it is.

    Returns:
        The manifest as written.

    Raises:
        RunError: the run is not done.
        BundleError: the folder holds no bundle.
    """
    found = run.identification()
    if run.state().state != "done" or found is None:
        raise RunError(f"{run.name} is not a finished run of identification; let it end first.")
    settings, made = run.settings(), run.provenance()
    part = settings.identity.model_copy(update={"persons": made["persons"]})
    method = new_method(settings.model_copy(update={"identity": part}), InputSpec.from_json(made["spec"]))
    load_checkpoint(run.checkpoints(), method)
    identity = Identity(
        modality=settings.modality,
        encoder=settings.encoder,
        input=made["spec"],
        reference=(),
        sets=tuple(_points(name, one, found["deciding"]) for name, one in found["sets"].items()),
        figures=found,
        seen=tuple(made["seen"]),
        runs=(run.name, *settings.data.encoders),
    )
    return add_identity(folder, rounded(method.encoder), identity, identity_section(found))


def _points(name: str, found: dict[str, Any], persons: int) -> LeadSetPoints:
    return LeadSetPoints(
        name=name,
        leads=tuple(found["leads"]),
        points=tuple(OperatingPoint(**one) for one in found["points"]),
        impostor_pairs=found["impostor_pairs"],
        persons=persons,
    )
