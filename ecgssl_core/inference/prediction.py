"""What a model says of one record, in the form that pages and the command line share."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

Status = Literal["positive", "negative", "undecided", "not assessed"]


@dataclass(frozen=True)
class Finding:
    """One class of one record.

    probability is calibrated; low and high are the smallest and largest over the record's windows; positive says
    whether it reaches the threshold; support counts the positives in training; in_set says whether the class is in the
    conformal set.

    status is what may be said of the class (positive: likely or possible; negative: below), and reason the sentence why
    it is undecided or not assessed. observed is the share of held-out records with a similar probability that had the
    class, with its 95 % interval, and observed_n the number of those records. Where too few of them are of this class,
    observed_of is `all`, and counted are statements on any class. None where the model does not know.

    unsupported is the sentence that an interval measured on the record does not support the class, where it is stated;
    it changes no number.
    """

    code: str
    name: str
    probability: float
    threshold: float
    positive: bool
    support: int
    in_set: bool
    low: float
    high: float
    status: Status = "not assessed"
    reason: str | None = None
    observed: float | None = None
    observed_low: float | None = None
    observed_high: float | None = None
    observed_n: int | None = None
    observed_of: Literal["class", "all"] | None = None
    unsupported: str | None = None


@dataclass(frozen=True)
class Gates:
    """Weights of the two modalities, which sum to 1: the mean over the windows, and of each window."""

    time: float
    spectrogram: float
    windows: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Prediction:
    """What a model says of one record.

    abstained is the sentence why it says nothing; seen, whether this very signal was among those that the model was
    trained, pretrained or decided on, so that its output says nothing of how it does on new ones; despite, the sentence
    why it should have said nothing and was made to. leads are those of the model's that it read, or worked out from I
    and II; leads_note what is known of how it does with them, None where none is missing.
    """

    name: str
    model_name: str
    model_sha256: str
    windows: int
    window_starts_s: tuple[float, ...]
    abstained: str | None
    seen: bool
    findings: tuple[Finding, ...]
    gates: Gates | None
    issues: tuple[dict[str, Any], ...]
    despite: str | None = None
    leads: tuple[str, ...] = ()
    leads_note: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the record's entry of `predict --json`."""
        tree = asdict(self)
        del tree["model_name"], tree["model_sha256"]
        return tree

    @classmethod
    def from_json(cls, tree: dict[str, Any], model: dict[str, str]) -> Self:
        """Give the prediction that `as_json` wrote, of the model {name, sha256}."""
        gates = tree["gates"]
        return cls(
            name=tree["name"],
            model_name=model["name"],
            model_sha256=model["sha256"],
            windows=tree["windows"],
            window_starts_s=tuple(tree["window_starts_s"]),
            abstained=tree["abstained"],
            seen=tree["seen"],
            findings=tuple(Finding(**finding) for finding in tree["findings"]),
            gates=gates and Gates(gates["time"], gates["spectrogram"], tuple(map(tuple, gates["windows"]))),
            issues=tuple(tree["issues"]),
            despite=tree.get("despite"),
            leads=tuple(tree.get("leads", ())),
            leads_note=tree.get("leads_note"),
        )
