"""Does a map tell the truth of one record? What it marks is muted, and as much by chance, and the model asked again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.records import Record

from .explained import Attribution, Span
from .prediction import Prediction
from .service import PredictionService

CELL_S = 0.2  # one lead over this long is muted or not
SHARE = 0.1
DRAWS = 5


@dataclass(frozen=True)
class Deletion:
    """Probability of a class for a record as it is, without its most attributed tenth, and without a tenth by chance.

    chance has one probability for each draw.
    """

    whole: float
    most: float
    chance: tuple[float, ...]

    @property
    def holds(self) -> bool:
        """Whether the marked tenth lowers the probability more than a tenth by chance does on average."""
        return self.most < fmean(self.chance)


def check_deletion(service: PredictionService, model: Path, record: Record, attribution: Attribution) -> Deletion:
    """Give how the probability of the attribution's class falls without what it marks; chance is that of the record.

    Args:
        service: what predicts.
        model: folder of a bundle.
        record: any record; muted parts stand at their lead's median.
        attribution: of this record.

    Raises:
        BundleError: the model is damaged or missing.
        OwnFault: the process that predicts died.
    """
    scores = cell_scores(attribution)
    seed = np.random.default_rng(int(record.digest[:8], 16))
    tries = [(), most_attributed(attribution, scores), *(by_chance(attribution, scores, seed) for _ in range(DRAWS))]
    found = [_probability(service.occluded(model, record, spans), attribution.code) for spans in tries]
    return Deletion(found[0], found[1], tuple(found[2:]))


def cell_scores(attribution: Attribution) -> NDArray[np.float64]:
    """Give (leads, cells): the sum of what both maps say of each CELL_S of each lead, in logits."""
    length = max(round(CELL_S * attribution.rate), 1)
    signal, image = attribution.signal, attribution.spectrogram
    moments = np.asarray(attribution.frames_s)
    cells = 1 + int(moments.max(initial=0.0) / CELL_S) if signal is None else -(-signal.shape[1] // length)
    total = np.zeros((len(attribution.leads), cells))
    for row, _ in enumerate(attribution.leads):
        if signal is not None:
            total[row] += np.bincount(np.arange(signal.shape[1]) // length, signal[row], cells)
        if image is not None:
            total[row] += np.bincount(np.minimum((moments / CELL_S).astype(int), cells - 1), image[row].sum(0), cells)
    return total


def most_attributed(attribution: Attribution, scores: NDArray[np.float64]) -> tuple[Span, ...]:
    """Give the tenth of the cells that raised the output most."""
    return tuple(_spans(attribution, scores, np.argsort(-scores, axis=None, kind="stable")))


def by_chance(
    attribution: Attribution, scores: NDArray[np.float64], generator: np.random.Generator
) -> tuple[Span, ...]:
    """Give a tenth of the cells, each as likely as the other."""
    return tuple(_spans(attribution, scores, generator.permutation(scores.size)))


def _spans(attribution: Attribution, scores: NDArray[np.float64], order: NDArray[np.int64]) -> Iterator[Span]:
    for place in order[: max(round(SHARE * scores.size), 1)]:
        lead, cell = np.unravel_index(place, scores.shape)
        yield Span(attribution.leads[lead], float(cell * CELL_S), float((cell + 1) * CELL_S))


def _probability(prediction: Prediction, code: str) -> float:
    return next(one.probability for one in prediction.findings if one.code == code)
