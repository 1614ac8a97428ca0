"""Scored runs as the Results page reads them: checked when read, so that no page meets half a result."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from pydantic import BaseModel, ValidationError

from ecgssl_core.errors import EcgError
from ecgssl_core.report.arms import rank_of
from ecgssl_core.runs import RunDir, list_runs
from ecgssl_core.settings import Settings
from pages.parts.cache import scores_of
from pages.parts.terms import help_on

METRICS = {
    "auroc": ("AUROC", help_on("AUROC")),
    "auprc": ("AUPRC", help_on("AUPRC")),
    "accuracy": ("Acc", help_on("Accuracy")),
    "f_measure": ("F1", help_on("F1")),
    "f_beta_2": ("F2", help_on("F2")),
    "g_beta_2": ("G2", help_on("G2")),
    "challenge_metric": ("ChM", help_on("Challenge metric")),
}
"""Metrics in the paper's order: the heading of each, and the sentence on it."""


class Estimate(BaseModel):
    """A number with the ends of its interval; None where it could not be computed."""

    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def text(self) -> str:
        """The number and its interval, with three decimals."""
        if self.value is None:
            return "–"
        if self.low is None or self.high is None:
            return f"{self.value:.3f}"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


class ClassScore(BaseModel):
    """The scores of one class."""

    code: str
    name: str
    positives: int
    auroc: float | None
    auprc: float | None
    f_measure: float | None
    threshold: float | None


class GateWeights(BaseModel):
    """The mean gate weights over the records of one class."""

    code: str
    time: float | None
    spectrogram: float | None
    records: int


class Gates(BaseModel):
    """The gate weights by class."""

    by_class: list[GateWeights]


class Scores(BaseModel):
    """What fine-tuning leaves to be read."""

    arm: str
    fold: int
    protocol: dict[str, str]
    test: dict[str, Estimate | int]
    per_class: list[ClassScore]
    gates: Gates | None = None
    records: dict[str, int]
    folds: str = ""


@dataclass(frozen=True)
class Scored:
    """A scored run: its name, preset, time of start, scores, the same as they lie in its folder, settings."""

    name: str
    preset: str
    started: pd.Timestamp
    scores: Scores
    raw: dict[str, Any]
    settings: Settings
    changed: int = 0

    @property
    def arm(self) -> str:
        """Its arm, with what keeps it apart from others of that name: share of the labels, transductive pretraining."""
        share = self.settings.data.label_share
        exposed = " (transductive)" if self.scores.protocol.get("pretraining", "").startswith("transductive") else ""
        return f"{self.scores.arm}{exposed}" + (f" · {share:.0%} of labels" if share < 1 else "")

    @property
    def division(self) -> tuple[str, str]:
        """Its label set and its division into folds: only runs that share both compare."""
        return self.settings.data.classes, self.scores.folds

    @property
    def title(self) -> str:
        """What tells the run from others: arm, fold and name."""
        return f"{self.arm}, fold {self.scores.fold} · {self.name}"

    def estimate(self, metric: str) -> Estimate:
        """Give a metric of the test fold."""
        found = self.scores.test.get(metric)
        return found if isinstance(found, Estimate) else Estimate(value=None)


def arm_order(arm: str) -> tuple[object, ...]:
    """Give where an arm stands among others: the paper's first and in its order, those with a remark last."""
    name, _, more = arm.partition(" ")
    return bool(more), rank_of(name), more


def scored_runs() -> tuple[list[Scored], list[str]]:
    """Give the scored runs, the newest first, and a sentence for each run whose scores cannot be read."""
    found, sentences = [], []
    for run in list_runs():
        try:
            scored = _kept(run)
        except EcgError as error:
            sentences.append(str(error))
        except ValidationError as error:
            place = ".".join(map(str, error.errors()[0]["loc"]))
            sentences.append(f"The run {run.name} has scores of another form ({place}); it is left out.")
        else:
            found += [scored] if scored else []
    return found, sentences


def _kept(run: RunDir) -> Scored | None:
    found: Scored | None = scores_of(str(run.path), run.path.stat().st_mtime_ns, lambda _: _scored(run))
    return found


def _scored(run: RunDir) -> Scored | None:
    results = run.results()
    if results is None:
        return None
    # a folder that somebody renamed has no date, and is shown without one
    started = pd.to_datetime(run.name.split("_")[0], format="%Y%m%dT%H%M%SZ", utc=True, errors="coerce")
    settings = run.settings()
    changed = run.path.stat().st_mtime_ns
    return Scored(run.name, settings.preset, started, Scores.model_validate(results), results, settings, changed)
