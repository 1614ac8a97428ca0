"""How far probabilities, thresholds and sets can be taken at their word."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ecgssl_core.evaluation import Reliability, reliability_intervals
from ecgssl_core.plots.reliability import reliability_figure
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.coverage import GUARANTEE, coverage_tables
from ecgssl_core.report.curves import first_pool
from ecgssl_core.report.pooling import Pool
from ecgssl_core.report.reliable import MOST_REPLICATES, reliability_line
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import number, with_ends

_FIGURES = {
    "log_loss": "log-loss",
    "brier": "Brier",
    "calibration_error": "calibration error",
    "slope": "slope",
    "intercept": "intercept",
}


def trust_section(study: Study) -> Section:
    """Give calibration, thresholds beside others, and coverage of the conformal sets."""
    tables = {
        "Calibration of the pooled answers of the first seed, all classes together, after the map found on validation "
        "[95 %, patients drawn anew]": _table(study)
    }
    thresholds = _thresholds(study.arms)
    if not thresholds.empty:
        tables["Challenge metric under other thresholds, mean over folds and seeds; the oracle is no result"] = (
            thresholds
        )
    sets = coverage_tables(study.networks)
    lines = [reliability_line(study, arm) for arm in study.networks]
    sentence = (
        "Slope 1 and intercept 0 are perfect; a slope below 1 says that probabilities are too extreme. Chance "
        "adds to a calibration error, in a replicate twice: its interval lies high. The figure has 15 bins of equally "
        "many answers, of each arm's first seed, with 95 % intervals over patients."
    )
    sentences = (sentence, GUARANTEE) if sets else (sentence,)
    drawing = Drawing("reliability", "Share of positives over the probability.", reliability_figure(lines), 360)
    return Section("trust", "Calibration, thresholds, sets", sentences, tables | sets, (drawing,))


def _table(study: Study) -> pd.DataFrame:
    rows = []
    for arm in study.arms:
        before = [found for run in arm.runs if (found := _part(run.results, "calibration", "before"))]
        uncalibrated = [each["log_loss"] for each in before if each.get("log_loss") is not None]
        pooled = _reliability(first_pool(arm), study.bootstrap.replicates)
        rows.append(
            {
                "arm": arm.title,
                **{name: with_ends(getattr(pooled, field), 4) for field, name in _FIGURES.items()},
                "log-loss before the map (mean over folds)": number(_mean(uncalibrated), 4),
            }
        )
    return pd.DataFrame(rows)


def _reliability(pool: Pool, replicates: int) -> Reliability:
    return reliability_intervals(pool.labels, pool.scores, pool.patients, min(replicates, MOST_REPLICATES))


def _thresholds(arms: Sequence[Arm]) -> pd.DataFrame:
    names = {
        "per_class": "as reported (from validation)",
        "shared": "one for all classes (from validation)",
        "optimism": "flattery within validation",
        "oracle": "oracle: chosen on test labels",
    }
    rows = []
    for arm in arms:
        found = [part for run in arm.runs if (part := _part(run.results, "thresholds"))]
        if found:
            means = {title: number(_mean([part.get(name) for part in found])) for name, title in names.items()}
            rows.append({"arm": arm.title, **means})
    return pd.DataFrame(rows)


def _part(results: dict[str, Any], *names: str) -> dict[str, Any]:
    """Give a part of the results, empty where the run did not keep it."""
    found: Any = results
    for name in names:
        found = (found or {}).get(name)
    return found if isinstance(found, dict) else {}


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else float("nan")
