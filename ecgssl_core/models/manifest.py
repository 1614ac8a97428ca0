"""What a bundle says about itself in `model.json`; readable without torch."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ecgssl_core.errors import BundleError
from ecgssl_core.settings import ClassifierSettings
from ecgssl_core.signals.spec import InputSpec

FORMAT = 1
WEIGHTS, MANIFEST, CARD = "model.safetensors", "model.json", "card.md"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Labels(_Strict):
    """The classes, in the order of the logits; `normal` is the code that stands for a normal rhythm."""

    label_set: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    abbreviations: tuple[str, ...]
    normal: str


class Decision(_Strict):
    """From logits to statements; one number a class, all found on validation records.

    probability = sigmoid(logit / temperature + bias); positive where probability ≥ threshold; in the conformal set
    where probability ≥ conformal, which leaves out at most a share alpha of true cases.
    """

    temperature: tuple[float, ...]
    bias: tuple[float, ...]
    thresholds: tuple[float, ...]
    rule: str
    conformal: tuple[float, ...]
    alpha: float


class Training(_Strict):
    """Where the weights come from.

    support: positives of each class among the labelled training records.
    seen: digests of every record that training, pretraining or validation read.
    ages: youngest and oldest age, in years, between which 98 % of the training records lie.
    """

    arm: str
    protocol: str
    support: tuple[int, ...]
    seen: tuple[str, ...]
    ages: tuple[float, float]
    runs: tuple[str, ...]


class Manifest(_Strict):
    """The whole of `model.json`."""

    format: int
    name: str
    version: str
    classifier: ClassifierSettings
    input: dict[str, Any]
    labels: Labels
    decision: Decision
    training: Training
    scores: dict[str, Any]
    reference: tuple[float, ...]
    parts: dict[str, str]

    @property
    def spec(self) -> InputSpec:
        """The input of the network."""
        return InputSpec.from_json(self.input)


def read_manifest(folder: Path) -> tuple[Manifest, str]:
    """Give the manifest of a bundle, and its sha256, which stands for the whole: it holds those of the parts.

    Raises:
        BundleError: the folder holds no bundle, or one that this program cannot use.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = Manifest.model_validate(json.loads(content))
    except OSError as error:
        raise BundleError(f"{folder.name} holds no model: {MANIFEST} is missing.") from error
    except (ValueError, ValidationError) as error:
        raise BundleError(f"The {MANIFEST} of {folder.name} is damaged; fetch the model again.") from error
    if manifest.format != FORMAT:
        raise BundleError(f"{folder.name} has format {manifest.format}, this program reads {FORMAT}.")
    return manifest, hashlib.sha256(content).hexdigest()


def damaged_parts(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """Give the names of the parts that are missing or not what was released."""
    return tuple(name for name, digest in manifest.parts.items() if file_digest(folder / name) != digest)


def file_digest(path: Path) -> str:
    """Give the sha256 of a file, or an empty text if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
