"""What a recipe's models said of records that they had not seen: how often it was true, and where they cannot tell."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.labels import LabelSet
from ecgssl_core.errors import RunError
from ecgssl_core.evaluation import answer_bounds, binomial_interval
from ecgssl_core.inference.statements import FEWEST
from ecgssl_core.models.manifest import Band, Bin, Reliability
from ecgssl_core.report.pooling import Pool, pool
from ecgssl_core.runs import RunDir

from .halves import one_a_patient

EDGES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
LEAST = 30  # records of a class in a bin; with fewer, all classes together speak
_REPLICATES = 2000
_SEED = 0
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def held_out_folds(runs: list[RunDir], classes: LabelSet) -> Pool:
    """Give the test folds of runs together, each record as the run that had not seen it scored it.

    Raises:
        RunError: two runs scored the same fold, or a run has no predictions.
    """
    parts = []
    for run in runs:
        frame, found = run.predictions(), run.results()
        if frame is None or found is None:
            raise RunError(f"{run.name} has no predictions; let it end first.")
        parts.append((frame[frame["split"] == "test"], found["decision"]["thresholds"]))
    return pool(parts, classes.codes)


def reliability_of(whole: Pool, classes: LabelSet, source: str) -> Reliability:
    """Give how often statements of a probability were true, over all classes and by class.

    The interval is the wider, at each end, of the exact one (Clopper & Pearson 1934) and that of a bootstrap by
    patient: statements on one record are not independent, and a share of 0 leaves a bootstrap nothing to draw.

    Args:
        whole: the test folds.
        classes: the label set.
        source: where they come from, in words.
    """
    known = whole.labels != -1
    bins = np.clip(np.digitize(whole.scores, EDGES) - 1, 0, len(EDGES) - 2)
    said = np.stack([(bins == place) & known for place in range(len(EDGES) - 1)])  # (bins, records, classes)
    true = said & (whole.labels == 1)
    pooled = _bins(said.sum(axis=2), true.sum(axis=2), whole.patients)
    per_class = {}
    for place, code in enumerate(classes.codes):
        found = _bins(said[:, :, place], true[:, :, place], whole.patients)
        per_class[code] = tuple(one for one in found if one.said >= LEAST)
    return Reliability(pooled=tuple(pooled), per_class=per_class, records=len(whole), source=source)


def band_of(whole: Pool, support: Sequence[int], alpha: float, source: str) -> Band:
    """Give where each class is neither present nor absent, from one record a patient, and how the same does on folds.

    Args:
        whole: the test folds.
        support: positives of each class in training; those with too few to be assessed are not counted.
        alpha: share of true cases that may be called absent, and of others that may be called present.
        source: where they come from, in words.
    """
    rows, folds = one_a_patient(whole.patients), np.unique(whole.folds)
    assessed = np.array(support) >= FEWEST
    below, above = _ends(whole.scores[rows], whole.labels[rows], alpha)
    checked = [_checked(whole, fold, assessed, alpha) for fold in folds] if len(folds) > 1 else []
    counts = np.sum(checked, axis=0) if checked else np.zeros(5)
    true, missed, others, false, undecided = counts.tolist()
    return Band(
        below=tuple(below.tolist()),
        above=tuple(above.tolist()),
        alpha=alpha,
        missed=missed / true if true else None,
        false=false / others if others else None,
        undecided=undecided / (true + others) if true + others else None,
        source=source,
    )


def _ends(scores: Floats, labels: NDArray[np.int8], alpha: float) -> tuple[Floats, Floats]:
    below, above = answer_bounds(scores, labels, alpha)
    # infinite ends mean that nothing is ever below, or above
    return np.clip(below, 0.0, 1.0), np.clip(above, 0.0, np.nextafter(1.0, 2.0))


def _checked(whole: Pool, fold: int, assessed: Flags, alpha: float) -> Floats:
    """Give true cases, those called absent, others, those called present, undecided: of a fold that made no band."""
    inside = whole.folds == fold
    others = np.flatnonzero(~inside)
    rows = others[one_a_patient(whole.patients[others])]
    below, above = _ends(whole.scores[rows], whole.labels[rows], alpha)
    scores, labels, thresholds = whole.scores[inside], whole.labels[inside], whole.thresholds[inside]
    absent = scores < np.minimum(below, thresholds)
    present = (scores > above) & (scores >= thresholds)
    has, lacks = (labels == 1) & assessed, (labels == 0) & assessed
    undecided = ~absent & ~present & (has | lacks)
    counts: list[Any] = [has.sum(), (has & absent).sum(), lacks.sum(), (lacks & present).sum(), undecided.sum()]
    return np.array(counts, dtype=np.float64)


def _bins(said: NDArray[Any], true: NDArray[Any], patients: NDArray[np.str_]) -> list[Bin]:
    """Give the bins from counts (bins, records) of statements, and of those that were true."""
    names, member = np.unique(patients, return_inverse=True)
    of_patient = [np.zeros((len(names), len(said))) for _ in range(2)]
    for counts, total in zip((said, true), of_patient, strict=True):
        np.add.at(total, member, counts.T)
    draws = np.random.default_rng(_SEED).multinomial(len(names), [1 / len(names)] * len(names), _REPLICATES)
    drawn_said, drawn_true = (draws @ total for total in of_patient)  # (replicates, bins)
    shares = np.divide(drawn_true, drawn_said, out=np.full(drawn_said.shape, np.nan), where=drawn_said > 0)
    made = []
    for place, (low_edge, high_edge) in enumerate(pairwise(EDGES)):
        count, hits = int(said[place].sum()), int(true[place].sum())
        if count:
            exact = binomial_interval(np.array([hits]), np.array([count]))
            low, high = np.nanpercentile(shares[:, place], [2.5, 97.5])
            ends = {"low": float(min(low, exact[0][0])), "high": float(max(high, exact[1][0]))}
            made.append(Bin(low_edge=low_edge, high_edge=high_edge, said=count, true=hits, **ends))
    return made
