"""The scores of rows of a pack."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ecgssl_core.corpus.pack import Pack
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.signals.spec import cut_windows

from .arranged import packed, require_suited
from .windows import Floats, record_logits, score_each

_SAMPLES = 1 << 18  # of windows that wait to be scored together


@dataclass(frozen=True, eq=False)
class Scores:
    """What the network says of records: logits (records, classes), mean gates (records, modalities) or None."""

    logits: Floats
    gates: Floats | None


def score_pack(
    model: Classifier,
    pack: Pack,
    rows: Iterable[int],
    given: Sequence[str] | None = None,
    beat: Callable[[], None] | None = None,
) -> Scores:
    """Give the scores of rows of a pack, in their order.

    Args:
        model: the network.
        pack: the pack.
        rows: places in it.
        given: use these leads only, the others being silent unless they follow from I and II; all without it.
        beat: is called now and then, as a sign of life.

    Raises:
        CorpusError: the pack lacks leads that the network reads, or has too low a rate.
        ValueError: there is no row.
    """
    require_suited(pack, model.spec, given)
    logits: list[Floats] = []
    gates: list[Floats] = []
    waiting: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []

    def flush() -> None:
        for scores in score_each(model, waiting):
            logits.append(record_logits(scores.logits))
            if scores.gates is not None:
                gates.append(scores.gates.mean(axis=0))
        waiting.clear()
        if beat is not None:
            beat()

    for row in rows:
        signal = packed(pack, int(row), model.spec, given)
        waiting.append(cut_windows(signal, model.spec))
        if sum(windows.shape[0] * windows.shape[2] for windows in waiting) >= _SAMPLES:
            flush()
    if waiting:
        flush()
    return Scores(np.stack(logits), np.stack(gates) if gates else None)
