"""The share of positives in bins of equally many answers, with intervals from bootstrapping patients."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.evaluation.arrays import UNKNOWN, Floats, as_labels, as_probabilities
from ecgssl_core.evaluation.resampling import draw_counts


@dataclass(frozen=True, eq=False)
class ReliabilityBins:
    """Bins of equally many answers, (bins,) each: mean probability, share of positives, its ends (95 %), answers."""

    predicted: Floats
    observed: Floats
    low: Floats
    high: Floats
    count: NDArray[np.int64]


def reliability_bins(
    labels: NDArray[Any],
    probabilities: NDArray[Any],
    groups: NDArray[Any],
    bins: int = 15,
    replicates: int = 300,
    seed: int = 0,
) -> ReliabilityBins:
    """Give the bins of all known labels pooled; the ends are percentiles over replicates that draw whole groups.

    The bins stay those of the whole sample. A bin without a positive, or with nothing else, has no spread in any
    replicate: its interval is as narrow as it is wrong.

    Args:
        labels: (records, classes), 1, 0 or -1 for unknown, which is left out.
        probabilities: (records, classes), in [0, 1].
        groups: (records,) the patient of each record.
        bins: how many; fewer answers give a bin each.
        replicates: number of bootstrap replicates, at least 1.
        seed: of the random numbers.

    Raises:
        ValueError: no bin or replicate, shapes that differ, or a probability that is NaN or outside [0, 1].
    """
    if bins < 1:
        raise ValueError(f"{bins} bins cannot hold an answer")
    checked = as_labels(labels)
    exact = as_probabilities(probabilities, checked)
    records, columns = np.nonzero(checked != UNKNOWN)
    truth, found = checked[records, columns] == 1, exact[records, columns]
    parts = [part for part in np.array_split(np.argsort(found, kind="stable"), bins) if len(part)]
    answers = np.stack([np.bincount(records[part], minlength=len(checked)) for part in parts])  # (bins, records)
    positives = np.stack([np.bincount(records[part], truth[part], len(checked)) for part in parts])
    blocks = [(positives @ counts, answers @ counts) for counts in draw_counts(groups, replicates, seed)]
    drawn, of = (np.concatenate(part, axis=1) for part in zip(*blocks, strict=True))  # (bins, replicates)
    shares = np.divide(drawn, of, out=np.full(of.shape, np.nan), where=of > 0)
    low, high = np.nanpercentile(shares, (2.5, 97.5), axis=1)
    return ReliabilityBins(
        predicted=np.array([found[part].mean() for part in parts]),
        observed=np.array([truth[part].mean() for part in parts]),
        low=low,
        high=high,
        count=np.array([len(part) for part in parts], dtype=np.int64),
    )
