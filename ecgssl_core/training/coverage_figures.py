"""What the conformal sets of a run hold on its test fold: by class, with one threshold for all, by group of people."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.corpus.folds import AGE_BANDS
from ecgssl_core.evaluation import (
    answer_bounds,
    binomial_interval,
    coverage,
    in_sets,
    missed_share,
    shared_threshold,
)
from ecgssl_core.inference.score_pack import Scores
from ecgssl_core.models.manifest import Decision
from ecgssl_core.report.coverage import AGES, in_order

from .decide import calibration_rows, probabilities
from .halves import one_a_patient
from .split import Split

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]
Sets = NDArray[np.bool_]


def conformal_figures(part: Split, decision: Decision, validation: Scores, test: Scores) -> dict[str, Any]:
    """Give what the sets hold, with exact intervals, how large they are, and who is undecided; one record a patient."""
    rows = one_a_patient(part.patients(part.test))
    truth, said = part.labels[part.test][rows], probabilities(decision, test.logits)[rows]
    chosen = calibration_rows(part.patients(part.validation))
    calibrated, found = part.labels[part.validation][chosen], probabilities(decision, validation.logits)[chosen]
    bounds = answer_bounds(found, calibrated, decision.alpha)
    undecided = (said >= bounds[0]) & (said <= bounds[1])
    sets = in_sets(said, np.array(decision.conformal))
    whole = coverage(truth, sets)
    return {
        "alpha": decision.alpha,
        "calibrated_on": len(chosen),
        "records": len(rows),
        "mean_size": whole.mean_size,
        "empty": whole.empty,
        "single": whole.single,
        "undecided": float(undecided.mean()),
        "per_class": _per_class(part.classes.codes, calibrated, truth, sets, undecided),
        # a threshold of 0 says as well that every class is in the set
        "shared_set": shared_set(truth, said, max(0.0, shared_threshold(found, calibrated, decision.alpha))),
        "by_group": by_group(part.pack.table.iloc[part.test[rows]], truth, sets),
    }


def shared_set(truth: Labels, said: Floats, threshold: float) -> dict[str, Any]:
    """Give what the sets of one threshold for all classes hold.

    `missed` is the mean, over the `diagnosed` records, of the share of a record's classes that its set leaves out.

    Args:
        truth: (records, classes), one record a patient.
        said: (records, classes) probabilities.
        threshold: of all classes.
    """
    sets = in_sets(said, np.full(truth.shape[1], threshold))
    found, missed = coverage(truth, sets), missed_share(truth, sets)
    known = missed[~np.isnan(missed)]
    return {
        "threshold": threshold,
        "records": len(truth),
        "mean_size": found.mean_size,
        "empty": found.empty,
        "single": found.single,
        "diagnosed": len(known),
        "missed": float(known.mean()) if len(known) else None,
        "sd_of_missed": float(known.std(ddof=1)) if len(known) > 1 else None,
    }


def by_group(table: pd.DataFrame, truth: Labels, sets: Sets) -> dict[str, list[dict[str, Any]]]:
    """Give coverage by source, sex and age band, counted over the diagnoses of the records in each.

    Args:
        table: the records' rows of the pack's table.
        truth: (records, classes).
        sets: (records, classes).
    """
    named = {
        "source": table["source"].astype(str).to_numpy(),
        "sex": table["sex"].fillna("unknown").astype(str).to_numpy(),
        "age": age_bands(table["age"].to_numpy(dtype=np.float64)),
    }
    return {
        kind: [_group(group, truth[member == group], sets[member == group]) for group in in_order(kind, set(member))]
        for kind, member in named.items()
    }


def age_bands(years: Floats) -> NDArray[np.str_]:
    """Give the age band of each record, (records,), as one of AGES; NaN is unknown."""
    band = np.where(np.isnan(years), len(AGES) - 1, np.digitize(years, AGE_BANDS))
    return np.array(AGES)[band]


def _group(name: str, truth: Labels, sets: Sets) -> dict[str, Any]:
    positives, covered = int((truth == 1).sum()), int(((truth == 1) & sets).sum())
    low, high = binomial_interval(np.array([covered]), np.array([positives]))
    return {
        "group": name,
        "records": len(truth),
        "positives": positives,
        "covered": covered,
        "coverage": covered / positives if positives else None,
        "low": float(low[0]),
        "high": float(high[0]),
        "mean_size": float(sets.sum(axis=1).mean()),
    }


def _per_class(
    codes: tuple[str, ...], calibrated: Labels, truth: Labels, sets: Sets, undecided: Sets
) -> list[dict[str, Any]]:
    found = coverage(truth, sets)
    return [
        {
            "code": code,
            "calibration_positives": int((calibrated[:, place] == 1).sum()),
            "positives": int(found.positives[place]),
            "covered": int(found.covered[place]),
            "coverage": float(found.share[place]),
            "low": float(found.low[place]),
            "high": float(found.high[place]),
            "undecided": float(undecided[:, place].mean()),
        }
        for place, code in enumerate(codes)
    ]
