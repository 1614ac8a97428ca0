"""The quality score beside people's judgement: ten folds over the records of the challenge of 2011."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.metrics import auroc
from ecgssl_core.records import check_quality

from .fit_score import PENALTY, WARN, features_of
from .logistic import logistic
from .recordings import judged
from .shares import share

FOLDS = 10
DRAWS = 1000


def report(data: Path) -> Iterator[str]:
    """Give the lines of the table: all records, and those without a flat lead."""
    features, labels, flat, blocked = _measured(data)
    chances = _by_folds(features, labels)
    columns = (
        "AUROC",
        "accuracy",
        "unacceptable and found",
        "acceptable and passed",
        "blocked: unacceptable; acceptable",
    )
    yield "| records | " + " | ".join(columns) + " |"
    yield "|---|---|---|---|---|---|"
    for name, kept in (("all", np.ones(len(labels), bool)), ("without those with a flat lead", ~flat)):
        truth, warned, stopped = labels[kept], chances[kept] > WARN, blocked[kept]
        low, high = _interval(truth, chances[kept])
        cells = (
            f"{area(truth, chances[kept]):.3f} [{low:.3f}, {high:.3f}]",
            share(int((warned == truth).sum()), len(truth)),
            share(int(warned[truth].sum()), int(truth.sum())),
            share(int((~warned[~truth]).sum()), int((~truth).sum())),
            "; ".join(share(int(stopped[part].sum()), int(part.sum())) for part in (truth, ~truth)),
        )
        yield f"| {name} | " + " | ".join(cells) + " |"


def area(labels: NDArray[np.bool_], chances: NDArray[np.float64]) -> float:
    """Give AUROC of one class."""
    return float(auroc(labels[:, None].astype(np.int8), chances[:, None])[0])


def _measured(data: Path) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    features, labels, flat, blocked = [], [], [], []
    for record, label in judged(data):
        quality = check_quality(record)
        features.append(features_of(record))
        labels.append(label)
        flat.append(any("flat for more than half" in issue.sentence for issue in quality.issues))
        blocked.append(quality.blocked is not None)
    return np.array(features), np.array(labels), np.array(flat), np.array(blocked)


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
