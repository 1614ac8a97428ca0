"""Weights of the quality score, on all records that people judged for the challenge of 2011."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.records import Record
from ecgssl_core.records.heartbeats import find_heartbeats
from ecgssl_core.records.lead_checks import bands
from ecgssl_core.records.quality_score import OF_LEAD, ORDERED, score_features

from .logistic import logistic
from .recordings import judged

PENALTY = 0.02
WARN = 0.5  # the chance at which both mistakes weigh the same


def fit(data: Path, tables: Path) -> None:
    """Write `quality_score.csv` and `score_limits.csv`."""
    features, labels = judged_features(data)
    weights = logistic(features, labels, PENALTY)
    names = [f"{order} {name}" for order in ORDERED for name in OF_LEAD]
    rows = [f"{name},{value:.5f}" for name, value in zip((*names, "constant"), weights, strict=True)]
    (tables / "quality_score.csv").write_text("feature,weight\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (tables / "score_limits.csv").write_text(f"name,value\nwarn,{WARN}\n", encoding="utf-8")


def judged_features(data: Path) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give features (records, features) and whether people called the record unacceptable."""
    found = [(features_of(record), label) for record, label in judged(data)]
    return np.array([features for features, _ in found]), np.array([label for _, label in found])


def features_of(record: Record) -> NDArray[np.float64]:
    """Give the score's features of a record."""
    parts = bands(record)
    return score_features(record, parts, find_heartbeats(record, parts))
