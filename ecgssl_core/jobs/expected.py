"""How long a run will take: told from runs of the same kind in this data folder, with where the number comes from."""

import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecgssl_core.errors import EcgError
from ecgssl_core.runs import RunDir, list_runs, settings_of
from ecgssl_core.settings import Settings

LOOK_BACK = 50
MOST_RUNS = 3  # the newest of a kind
FEW_EPOCHS = 3  # fewer say little of how much epochs differ
FEW_SPREAD = 1.4


@dataclass(frozen=True)
class Pace:
    """How fast runs of a kind went.

    Args:
        seconds: of a record in training, of each epoch that was measured.
        beside: seconds of a run beside its epochs: reading, probes, scoring.
        like: the newest run that was measured; None where steps were tried out for this estimate.
        alike: whether everything that decides the time was the same there.
    """

    seconds: tuple[float, ...]
    beside: float
    like: str | None
    alike: bool


@dataclass(frozen=True)
class Expected:
    """How long a run will take, in seconds, the range within which that is likely, and where the number comes from."""

    seconds: float
    low: float
    high: float
    source: str


def pace_of(settings: Settings, root: Path | None = None) -> Pace | None:
    """Give how fast runs of this kind have gone in the data folder, None where none was measured.

    Runs in which all is the same that decides the time come first; then those of the same preset.

    Args:
        settings: of the run to come.
        root: the data folder; `data_root()` if None.
    """
    measured = [(run, known) for run in list_runs(root)[:LOOK_BACK] if (known := _known(run)) is not None]
    alike = [run for run, known in measured if _cost(known) == _cost(settings)]
    found = alike or [run for run, known in measured if known.preset and known.preset == settings.preset]
    paces = [(run, seconds) for run in found if (seconds := _seconds(run, settings_of(run)))][:MOST_RUNS]
    if not paces:
        return None
    beside = statistics.median(_beside(run) for run, _ in paces)
    return Pace(tuple(one for _, seconds in paces for one in seconds), beside, paces[0][0].name, bool(alike))


def steps_of(records: int, settings: Settings) -> int:
    """Give the optimiser steps of a training on so many records."""
    return max(1, records // settings.training.batch) * settings.training.epochs


def expected_time(pace: Pace, records: int, settings: Settings) -> Expected:
    """Give how long a run on so many records will take.

    The range is that of the epochs measured; a few epochs make it wider.
    """
    seen = steps_of(records, settings) * min(settings.training.batch, max(records, 1))
    middle, low, high = statistics.median(pace.seconds), min(pace.seconds), max(pace.seconds)
    if len(pace.seconds) < FEW_EPOCHS or not pace.alike:
        low, high = min(low, middle / FEW_SPREAD), max(high, middle * FEW_SPREAD)
    whole, least, most = (rate * seen + pace.beside for rate in (middle, low, high))
    return Expected(whole, least, most, _source(pace))


def _source(pace: Pace) -> str:
    if pace.like is None:
        return f"tried out here on {len(pace.seconds)} steps, reading and scoring left out"
    count = f"{len(pace.seconds)} epoch{'s' * (len(pace.seconds) > 1)}"
    kind = "of the same kind" if pace.alike else "of the same preset with other settings"
    return f"from {count} of runs {kind} here, the newest {pace.like}"


def _known(run: RunDir) -> Settings | None:
    try:
        return settings_of(run) if run.state().steps else None
    except EcgError:
        return None


def _cost(settings: Settings) -> dict[str, Any]:
    """Give all that decides how long a record takes; rates and seeds do not."""
    part = settings.training
    decides = {"method", "modality", "input", "views", "encoder", "distillation", "local", "contrast", "classifier"}
    tree = settings.model_dump(include=decides)
    if settings.method == "supervised":
        del tree["distillation"], tree["local"], tree["contrast"], tree["modality"]
        tree["views"] = settings.views.lead_masking
    else:
        del tree["classifier"]
    return {**tree, "device": part.device, "precision": part.precision, "threads": part.threads, "batch": part.batch}


def _seconds(run: RunDir, settings: Settings) -> list[float]:
    """Give the seconds of a record in each epoch; the first of each start is left out where there are others."""
    state = run.state()
    seen = state.steps / settings.training.epochs * settings.training.batch
    found = [float(line["seconds"]) / seen for line in run.metrics() if line.get("seconds")]
    return found[1:] or found


def _beside(run: RunDir) -> float:
    """Give the seconds that a run took beside its epochs; nothing is known of one that did not end in one go."""
    if run.state().state != "done":
        return 0.0
    return max(0.0, run.state().worked_s - sum(float(line.get("seconds") or 0) for line in run.metrics()))
