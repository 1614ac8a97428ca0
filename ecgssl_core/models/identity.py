"""What a bundle says of telling persons apart in `model.json`; readable without torch."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ecgssl_core.settings import EncoderSettings
from ecgssl_core.signals.spec import InputSpec

IDENTITY = "identity.safetensors"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OperatingPoint(_Strict):
    """A similarity from which on two records are said to be of one person, and how often that is wrong.

    rate: the false-match rate that the threshold was chosen for; matched: the share of pairs of two persons at or above
    it among those it was chosen on, with the 95 % interval from draws of persons; missed: the share of tested persons
    whose two recordings lie below it, with the exact 95 % interval.
    """

    rate: float
    threshold: float
    matched: float
    matched_low: float
    matched_high: float
    missed: float
    missed_low: float
    missed_high: float


class LeadSetPoints(_Strict):
    """The operating points of a set of leads, the highest rate first; those too rare for the pairs are left out."""

    name: str
    leads: tuple[str, ...]
    points: tuple[OperatingPoint, ...]
    impostor_pairs: int
    persons: int


class Identity(_Strict):
    """The network that tells persons apart, and what was found of it on persons who did not train.

    reference: the direction of the reference input, which loading checks; sets: from all leads to one; figures: what
    the run wrote; seen: digests of the records that training, pretraining and the choice of thresholds read;
    runs: the run, then the pretraining that it began with.
    """

    modality: Literal["time", "spectrogram"]
    encoder: EncoderSettings
    input: dict[str, Any]
    reference: tuple[float, ...]
    sets: tuple[LeadSetPoints, ...]
    figures: dict[str, Any]
    seen: tuple[str, ...]
    runs: tuple[str, ...]

    @property
    def spec(self) -> InputSpec:
        """The input of the network."""
        return InputSpec.from_json(self.input)
