"""The quality score beside people's judgement: ten folds over the records of the challenge of 2011."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.metrics import auroc
from ecgssl_core.records.quality_score import OF_LEAD, ORDERED

from .fit_score import PENALTY, WARN, judged_features
from .logistic import logistic
from .shares import share

FOLDS = 10
DRAWS = 1000
FLAT_S = 5.0  # half of these records


def report(data: Path) -> Iterator[str]:
    """Give the lines of the table: all records, and those without a flat lead."""
    features, labels = judged_features(data)
    longest = features[:, ORDERED.index("largest") * len(OF_LEAD) + OF_LEAD.index("still")]
    flat = 10**longest >= FLAT_S
    chances = _by_folds(features, labels)
    columns = ("AUROC", "accuracy", "unacceptable and found", "acceptable and passed")
    yield "| records | " + " | ".join(columns) + " |"
    yield "|---|---|---|---|---|"
    for name, kept in (("all", np.ones(len(labels), bool)), ("without those with a flat lead", ~flat)):
        truth, warned = labels[kept], chances[kept] > WARN
        low, high = _interval(truth, chances[kept])
        cells = (
            f"{area(truth, chances[kept]):.3f} [{low:.3f}, {high:.3f}]",
            share(int((warned == truth).sum()), len(truth)),
            share(int(warned[truth].sum()), int(truth.sum())),
            share(int((~warned[~truth]).sum()), int((~truth).sum())),
        )
        yield f"| {name} | " + " | ".join(cells) + " |"
    yield ""
    count = f"{flat[labels].sum()} unacceptable and {flat[~labels].sum()} acceptable"
    yield f"A lead stands still for {FLAT_S:g} s in {count} records."


def area(labels: NDArray[np.bool_], chances: NDArray[np.float64]) -> float:
    """Give AUROC of one class."""
    return float(auroc(labels[:, None].astype(np.int8), chances[:, None])[0])


def _by_folds(features: NDArray[np.float64], labels: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give the chance of each record by weights fitted on the other folds, which are stratified."""
    chance = np.random.default_rng(0)
    folds = np.zeros(len(labels), np.intp)
    for label in (False, True):
        places = chance.permutation(np.flatnonzero(labels == label))
        folds[places] = np.arange(len(places)) % FOLDS
    chances = np.zeros(len(labels))
    for fold in range(FOLDS):
        weights = logistic(features[folds != fold], labels[folds != fold], PENALTY)
        held = np.column_stack([features[folds == fold], np.ones((folds == fold).sum())])
        chances[folds == fold] = 1 / (1 + np.exp(-held @ weights))
    return chances


def _interval(labels: NDArray[np.bool_], chances: NDArray[np.float64]) -> tuple[float, float]:
    """Give the 95 % interval of AUROC by drawing records anew."""
    chance = np.random.default_rng(0)
    drawn = []
    for _ in range(DRAWS):
        rows = chance.integers(len(labels), size=len(labels))
        drawn.append(area(labels[rows], chances[rows]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)
