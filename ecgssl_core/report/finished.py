"""A finished fine-tuning as the report reads it: checked when read, so that no table meets half a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.errors import EcgError, RunError
from ecgssl_core.evaluation import METRICS
from ecgssl_core.report.variants import variant_of
from ecgssl_core.runs import RunDir
from ecgssl_core.settings import Settings

PURE = ("none", "fold-pure")
_EXPOSURES = (*PURE, "transductive", "external-pure", "contaminated")
_UNKNOWN_EXPOSURE = "exposure not known"


@dataclass(frozen=True, eq=False)
class Finished:
    """A scored run: where it lies, its settings, what metrics.json holds, and its predictions of the test fold.

    `exposure` is what pretraining may have seen (protocol), `variant` the transformations it was pretrained with.
    """

    run: RunDir
    settings: Settings
    results: dict[str, Any]
    test: pd.DataFrame
    exposure: str
    variant: str

    @property
    def name(self) -> str:
        """The run's name."""
        return self.run.name

    @property
    def place(self) -> tuple[str, str, float, int, int]:
        """What the run is one value of: arm, exposure, share of the labels, seed, fold."""
        data = self.settings.data
        return self.settings.arm, self.exposure, data.label_share, self.settings.training.seed, data.fold

    @property
    def source(self) -> str:
        """The source that was held out as a whole, empty where a fold was."""
        return self.settings.data.source

    def validation_loss(self, name: str) -> float | None:
        """Give a log-loss on validation records by its name, None in runs that did not keep it."""
        found = self.results.get("validation", {}).get(name)
        return float(found) if found is not None else None


def read_finished(runs: Sequence[RunDir]) -> tuple[list[Finished], list[str]]:
    """Give the runs that can be reported on, and a sentence for each that cannot; pretrainings are left out silently.

    Raises:
        RunError: not one of them can be reported on.
    """
    found, sentences = [], []
    for run in {run.path: run for run in runs}.values():
        try:
            finished = _read(run)
        except EcgError as error:
            sentences.append(str(error))
        else:
            found += [finished] if finished else []
    if not found:
        raise RunError(" ".join(["There is no scored run to report on.", *sentences]))
    return found, sentences


def _read(run: RunDir) -> Finished | None:
    settings = run.settings()
    if settings.method not in ("supervised", "baseline"):
        return None
    results, frame = run.results(), run.predictions()
    if results is None or frame is None:
        raise RunError(f"The run {run.name} has no scores yet; it is left out.")
    test = _checked(run.name, settings, results, frame)
    return Finished(run, settings, results, test, _exposure(settings, results), variant_of(run, settings))


def _checked(name: str, settings: Settings, results: dict[str, Any], frame: pd.DataFrame) -> pd.DataFrame:
    """Give the predictions of the test fold, sorted by key."""
    codes = load_label_set(settings.data.classes).codes
    columns = {"key", "patient", "source", "split", "fold", *(f"{kind}_{code}" for kind in "py" for code in codes)}
    missing = sorted(columns - set(frame.columns))
    if missing:
        raise RunError(f"The predictions of the run {name} lack {missing[0]}; it is left out.")
    try:
        fits = tuple(results["classes"]) == codes and len(results["decision"]["thresholds"]) == len(codes)
        whole = fits and {"protocol", "records"} <= set(results) and all(results["test"][key] for key in METRICS)
    except (KeyError, TypeError) as error:
        raise RunError(f"The run {name} has scores of another form ({error}); it is left out.") from error
    if not whole:
        raise RunError(f"The run {name} has scores of another form, or of other classes; it is left out.")
    test = frame[frame["split"] == "test"].sort_values("key", ignore_index=True)
    if test.empty or test["key"].duplicated().any():
        raise RunError(f"The predictions of the run {name} hold no test record, or one twice; it is left out.")
    return test


def _exposure(settings: Settings, results: dict[str, Any]) -> str:
    if not settings.data.encoders:
        return "none"
    said = str(results["protocol"].get("pretraining", "")).partition(":")[0].strip()
    return said if said in _EXPOSURES else _UNKNOWN_EXPOSURE
