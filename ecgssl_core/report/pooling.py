"""The test folds of several runs as one set of records, each predicted by the run that never saw it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.corpus.labels import LabelSet
from ecgssl_core.errors import RunError
from ecgssl_core.report.scores import LEAST_POSITIVES, per_class, scored, summary
from ecgssl_core.runs import RunDir

_GATES = ["gate_time", "gate_spectrogram"]


@dataclass(frozen=True, eq=False)
class Pool:
    """Records in the order of their keys, with what was said of them.

    Attributes:
        keys, patients, sources, folds: (records,).
        labels: (records, classes), 1, 0, or -1 where unknown.
        scores: (records, classes), probabilities.
        thresholds: (records, classes), those of the run that predicted the record.
        gates: (records, 2), weights of time series and spectrogram, or None.
    """

    keys: NDArray[np.str_]
    patients: NDArray[np.str_]
    sources: NDArray[np.str_]
    folds: NDArray[np.int64]
    labels: NDArray[np.int8]
    scores: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    gates: NDArray[np.float64] | None

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def outputs(self) -> NDArray[np.int8]:
        """Give what reaches its threshold, (records, classes)."""
        return (self.scores >= self.thresholds).astype(np.int8)

    @cached_property
    def digest(self) -> str:
        """A hash of the records and of what was said of them."""
        content = sha256("\0".join(self.keys).encode())
        for values in (self.scores, self.thresholds):
            content.update(np.ascontiguousarray(values).tobytes())
        return content.hexdigest()

    def only(self, keys: NDArray[np.str_]) -> Self:
        """Give the records with these keys alone."""
        rows = np.isin(self.keys, keys)
        if rows.all():
            return self
        return replace(
            self,
            keys=self.keys[rows],
            patients=self.patients[rows],
            sources=self.sources[rows],
            folds=self.folds[rows],
            labels=self.labels[rows],
            scores=self.scores[rows],
            thresholds=self.thresholds[rows],
            gates=None if self.gates is None else self.gates[rows],
        )


def pool(parts: Sequence[tuple[pd.DataFrame, Sequence[float]]], codes: Sequence[str]) -> Pool:
    """Give test folds as one set of records.

    Args:
        parts: of each run its predictions of the test fold, and its thresholds, (classes,).
        codes: the classes.

    Raises:
        RunError: two of the runs scored the same record.
    """
    whole = pd.concat([frame for frame, _ in parts], ignore_index=True)
    if whole["key"].duplicated().any():
        raise RunError("Two of the runs scored the same fold; name each fold once.")
    thresholds = np.concatenate([np.tile(values, (len(frame), 1)) for frame, values in parts])
    order = np.argsort(whole["key"].to_numpy(dtype=str), kind="stable")
    whole = whole.iloc[order]
    gated = set(_GATES) <= set(whole.columns) and bool(whole[_GATES].notna().to_numpy().all())
    return Pool(
        keys=whole["key"].to_numpy(dtype=str),
        patients=whole["patient"].to_numpy(dtype=str),
        sources=whole["source"].to_numpy(dtype=str),
        folds=whole["fold"].to_numpy(dtype=np.int64),
        labels=whole[[f"y_{code}" for code in codes]].to_numpy(dtype=np.int8),
        scores=whole[[f"p_{code}" for code in codes]].to_numpy(dtype=np.float64),
        thresholds=thresholds[order],
        gates=whole[_GATES].to_numpy(dtype=np.float64) if gated else None,
    )


def pooled(runs: list[RunDir], classes: LabelSet) -> dict[str, Any]:
    """Give the scores of all test folds together, each record predicted by the run that never saw it.

    Macro means are over the classes with at least 10 positives. `mean_over_folds` is the plain mean of the folds' own
    macro values, over whatever classes each fold has.

    Args:
        runs: finished fine-tunings of different folds.
        classes: their label set.

    Raises:
        RunError: two runs scored the same fold, or a run has no predictions.
    """
    parts, tests = [], []
    for run in runs:
        frame, found = run.predictions(), run.results()
        if frame is None or found is None:
            raise RunError(f"{run.name} has no predictions; let it end first.")
        parts.append((frame[frame["split"] == "test"], found["decision"]["thresholds"]))
        tests.append(found["test"])
    whole = pool(parts, classes.codes)
    evaluation = scored(
        whole.labels, whole.scores, whole.thresholds, whole.patients.astype(object), classes.codes, LEAST_POSITIVES
    )
    return {
        **summary(evaluation),
        "records": len(whole),
        "folds": sorted(set(whole.folds.tolist())),
        "mean_over_folds": {
            name: float(np.mean([test[name]["value"] for test in tests])) for name in ("auroc", "auprc")
        },
        "per_class": per_class(evaluation, classes.codes, classes.names, None),
    }
