"""What conformal sets hold, summed over the folds and seeds of an arm: all diagnoses, by group, with one threshold."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from ecgssl_core.corpus.folds import AGE_BANDS
from ecgssl_core.corpus.summary import SEXES
from ecgssl_core.evaluation.coverage import binomial_interval
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.finished import Finished
from ecgssl_core.report.words import NONE, number

AGES = (
    f"under {AGE_BANDS[0]}",
    *(f"{low} to {high - 1}" for low, high in pairwise(AGE_BANDS)),
    f"{AGE_BANDS[-1]} up",
    "unknown",
)
_KINDS = ("source", "sex", "age")
_SETS = "Conformal sets, over all folds, one record a patient"
_SHARED = "Sets with one threshold for all classes, over all folds: the smallest that miss no more than promised"
_GROUPS = "Coverage of the conformal sets by source, sex and age, over all folds"
GUARANTEE = (
    "What the sets promise holds on the average over people like those calibrated on: for no group of them on its own, "
    "and not at all for another source. The exact intervals take diagnoses for independent, also those of one record "
    "and of one record under several seeds, and are somewhat too narrow for that."
)


def coverage_tables(arms: Sequence[Arm]) -> dict[str, pd.DataFrame]:
    """Give the tables of conformal sets by their captions, only those that the runs kept something for."""
    kept = {arm: [part for run in arm.runs if isinstance(part := run.results.get("conformal"), dict)] for arm in arms}
    tables = {
        _SETS: [{"arm": arm.title, **_coverage(parts)} for arm, parts in kept.items() if parts],
        _SHARED: [
            {"arm": arm.title, **_shared(parts)}
            for arm, found in kept.items()
            if (parts := [part for part in found if part.get("shared_set")])
        ],
        _GROUPS: [{"arm": arm.title, **row} for arm, parts in kept.items() for row in _groups(parts)],
    }
    return {caption: pd.DataFrame(rows) for caption, rows in tables.items() if rows}


def coverage_of(runs: Iterable[Finished], source: str) -> str:
    """Give the share of a source's diagnoses that are in the sets of these runs, with its exact interval."""
    parts = [part for run in runs if isinstance(part := run.results.get("conformal"), dict)]
    rows = [row for part in parts for row in (part.get("by_group") or {}).get("source", []) if row["group"] == source]
    return _share(_total(rows, "covered"), _total(rows, "positives"))


def in_order(kind: str, groups: Iterable[str]) -> list[str]:
    """Give the groups of a kind, source, sex or age, in the order of tables: the unknown last."""
    order = {"sex": SEXES, "age": AGES}.get(kind, ())
    return sorted(groups, key=lambda group: (order.index(group) if group in order else 0, group))


def _coverage(parts: Sequence[dict[str, Any]]) -> dict[str, str]:
    classes = [row for part in parts for row in part.get("per_class", [])]
    return {
        "promised": _promised(parts),
        "diagnoses in the set [95 %]": _share(_total(classes, "covered"), _total(classes, "positives")),
        "classes in a set": number(_mean([part.get("mean_size") for part in parts]), 2),
        "empty sets": number(_mean([part.get("empty") for part in parts])),
        "sets of one": number(_mean([part.get("single") for part in parts])),
        "undecided answers": number(_mean([part.get("undecided") for part in parts])),
    }


def _shared(parts: Sequence[dict[str, Any]]) -> dict[str, str]:
    sets = [part["shared_set"] for part in parts]
    weights = [each["diagnosed"] for each in sets]
    missed = [each["missed"] if each["diagnosed"] else 0.0 for each in sets]
    thresholds = [each["threshold"] for each in sets]
    return {
        "share missed, at most": number(_mean([part.get("alpha") for part in parts]), 2),
        "share missed": number(float(np.average(missed, weights=weights)) if sum(weights) else None),
        "records": f"{sum(weights):,}",
        "classes in a set": number(_mean([each["mean_size"] for each in sets]), 2),
        "empty sets": number(_mean([each["empty"] for each in sets])),
        "sets of one": number(_mean([each["single"] for each in sets])),
        "thresholds": f"{number(min(thresholds))} to {number(max(thresholds))}",
    }


def _groups(parts: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Give one row a group, those of one kind together."""
    rows = []
    for kind in _KINDS:
        lists = [(part.get("by_group") or {}).get(kind, []) for part in parts]
        for group in in_order(kind, {row["group"] for found in lists for row in found}):
            alike = [row for found in lists for row in found if row["group"] == group]
            covered, positives = _total(alike, "covered"), _total(alike, "positives")
            rows.append(
                {
                    "by": kind,
                    "group": group,
                    "records": f"{_total(alike, 'records'):,}",
                    "diagnoses": f"{positives:,}",
                    "in the set": f"{covered:,}",
                    "promised": _promised(parts),
                    "coverage [95 %]": _share(covered, positives),
                }
            )
    return rows


def _share(covered: int, positives: int) -> str:
    if not positives:
        return NONE
    low, high = binomial_interval(np.array([covered]), np.array([positives]))
    return f"{covered / positives:.3f} [{low[0]:.3f}, {high[0]:.3f}]"


def _promised(parts: Sequence[dict[str, Any]]) -> str:
    return number(1 - _mean([part.get("alpha") for part in parts]), 2)


def _total(rows: Sequence[dict[str, Any]], name: str) -> int:
    return sum(row.get(name, 0) for row in rows)


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else float("nan")
