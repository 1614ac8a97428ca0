"""What a bundle says about itself in `model.json`; readable without torch."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ecgssl_core.errors import BundleError
from ecgssl_core.settings import ClassifierSettings, EncoderSettings
from ecgssl_core.signals.spec import InputSpec

from .identity import Identity

FORMAT = 1
WEIGHTS, MANIFEST, CARD, KNOWN = "model.safetensors", "model.json", "card.md", "known.safetensors"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Labels(_Strict):
    """The classes, in the order of the logits; `normal` is the code that stands for a normal rhythm."""

    label_set: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    abbreviations: tuple[str, ...]
    normal: str


class Bin(_Strict):
    """Held-out statements whose probability lies in [low_edge, high_edge): how many, and how many were true.

    low and high: 95 % interval of the share that is true.
    """

    low_edge: float
    high_edge: float
    said: int
    true: int
    low: float
    high: float


class Reliability(_Strict):
    """How often what was said with a probability was true, on records that the model in question had not seen.

    pooled: over all classes, a statement being a record and a class; per_class: by code, bins with enough records only.
    """

    pooled: tuple[Bin, ...]
    per_class: dict[str, tuple[Bin, ...]]
    records: int
    source: str


class Band(_Strict):
    """Probabilities of each class below which it is absent and above which it is present, else undecided.

    A share alpha of true cases lies below, and a share alpha of the others above. missed, false and undecided are what
    a band made without a fold did on it: shares of the true cases called absent, of the others called present, and of
    all statements.
    """

    below: tuple[float, ...]
    above: tuple[float, ...]
    alpha: float
    missed: float | None
    false: float | None
    undecided: float | None
    source: str


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
    reliability: Reliability | None = None
    band: Band | None = None


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


class Distribution(_Strict):
    """How far from the records of training and validation a record may lie to be spoken of; KNOWN gives the distance.

    limit: what a share of them keeps, as `source` says; records: how many they are.
    """

    limit: float
    records: int
    source: str


class Ends(_Strict):
    """A value with the ends of its 95 % interval; None where it cannot be had."""

    value: float | None
    low: float | None
    high: float | None


class TestedClass(_Strict):
    """A class's AUROC with a set of leads, and how much higher that is than with all; None for all leads."""

    code: str
    auroc: Ends
    less: Ends | None


class TestedSet(_Strict):
    """How a model did on its test folds when it was given some leads only, the others being silent.

    auroc and auprc are macro means over `classes_counted` classes. less: how much higher they are than with the first
    set, on the same replicates, by name; None of the first. verdict: what the interval of that allows, in a word.
    """

    name: str
    leads: tuple[str, ...]
    records: int
    classes_counted: int
    auroc: Ends
    auprc: Ends
    less: dict[str, Ends] | None
    verdict: str
    per_class: tuple[TestedClass, ...]


class Manifest(_Strict):
    """The whole of `model.json`."""

    format: int
    name: str
    version: str
    classifier: ClassifierSettings
    encoder: EncoderSettings = EncoderSettings()
    input: dict[str, Any]
    labels: Labels
    decision: Decision
    training: Training
    scores: dict[str, Any]
    reference: tuple[float, ...]
    parts: dict[str, str]
    distribution: Distribution | None = None
    tested: tuple[TestedSet, ...] = ()
    identity: Identity | None = None

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
        manifest = _manifest_of(content)
    except OSError as error:
        raise BundleError(f"{folder.name} holds no model: {MANIFEST} is missing.") from error
    except (ValueError, ValidationError) as error:
        raise BundleError(f"The {MANIFEST} of {folder.name} is damaged; fetch the model again.") from error
    if manifest.format != FORMAT:
        raise BundleError(f"{folder.name} has format {manifest.format}, this program reads {FORMAT}.")
    return manifest, hashlib.sha256(content).hexdigest()


@lru_cache(maxsize=8)
def _manifest_of(content: bytes) -> Manifest:
    """Give what a manifest says; read anew only if it changed, for a page asks each time that it is drawn."""
    return Manifest.model_validate(json.loads(content))


def damaged_parts(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """Give the names of the parts that are missing or not what was released."""
    return tuple(name for name, digest in manifest.parts.items() if file_digest(folder / name) != digest)


def file_digest(path: Path) -> str:
    """Give the sha256 of a file, or an empty text if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
