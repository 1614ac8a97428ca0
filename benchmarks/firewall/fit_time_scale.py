"""Weights and limits of the check of the clock: the tuning half, as it is, at half and at twice its rate."""

import dataclasses
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.records import Record
from ecgssl_core.records.heartbeats import find_heartbeats
from ecgssl_core.records.lead_checks import bands
from ecgssl_core.records.time_scale import FEATURES, time_features

from .logistic import logistic
from .recordings import recordings

PENALTY = 1e-3
BUDGET = 0.004  # share of the tuning records that each of the two may warn about
SOURCES = ("cinc2020", "code15", "ludb")


def fit(data: Path, tables: Path) -> None:
    """Write `time_scale.csv` and `time_limits.csv`."""
    records = [one.record for name in SOURCES for one in recordings(data, name) if one.tuned]
    true = _features(records, 1.0)
    weights, limits = {}, {}
    for name, factor in (("slower", 0.5), ("faster", 2.0)):
        false = _features(records, factor)
        features = np.concatenate([true, false])
        weights[name] = logistic(features, np.arange(len(features)) >= len(true), PENALTY)
        limits[name] = float(np.quantile(np.column_stack([true, np.ones(len(true))]) @ weights[name], 1 - BUDGET))
    rows = [
        f"{name},{slower:.5f},{faster:.5f}"
        for name, slower, faster in zip((*FEATURES, "constant"), weights["slower"], weights["faster"], strict=True)
    ]
    (tables / "time_scale.csv").write_text("feature,slower,faster\n" + "\n".join(rows) + "\n", encoding="utf-8")
    lines = [f"{name},{value:.4f}" for name, value in limits.items()]
    (tables / "time_limits.csv").write_text("name,value\n" + "\n".join(lines) + "\n", encoding="utf-8")


def _features(records: list[Record], factor: float) -> NDArray[np.float64]:
    found = []
    for record in records:
        changed = dataclasses.replace(record, rate=record.rate * factor)
        parts = bands(changed)
        features = time_features(changed, parts, find_heartbeats(changed, parts))
        if features is not None:
            found.append(features)
    return np.array(found)
