"""Warm processes that predict and explain for others, so that a page never holds torch nor waits for it to load."""

import atexit
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.cores import usable_cores
from ecgssl_core.records import Intervals, Quality, Reading, Record
from ecgssl_core.records.wire import encode_reading

from .explained import Attribution, LeadSet, Seen, Span, Timeline
from .forms import attribution_of, findings_of, lead_set_of, looked_of, seen_of, timeline_of
from .likeness import Likeness
from .pool import Answer, Pool
from .prediction import Finding, Prediction

_WORKER = "ecgssl_core.inference.service_worker"
_AT_ONCE = 16  # records a request: many of them leave room between for others
_LONG_S = 60.0  # records beyond this in all make any request a slow one
_PATIENCE_S = {"attribute": 180.0, "timeline": 300.0}
_USUAL_PATIENCE_S = 60.0
_A_LONG_ONE_S = 300.0


class PredictionService:
    """Answers from processes of their own, started at first use and again if one dies; threads may share it.

    Every method may raise BundleError, where the model is damaged, missing or cannot answer, and OwnFault, where the
    process died or took too long.

    Args:
        processes: how many, at least 2, so that a slow request never stands before a fast one; without it, one for
            each usable core, at most four.
    """

    def __init__(self, processes: int | None = None) -> None:
        self._pool = Pool(_WORKER, max(processes or min(usable_cores(), 4), 2))
        atexit.register(self.close)

    def warm(self) -> None:
        """Start the processes and return at once; they load torch meanwhile."""
        self._pool.warm()

    def close(self) -> None:
        """End the processes; the next request starts them again."""
        self._pool.close()

    def looked(self, record: Record) -> tuple[Quality, Intervals]:
        """Give the quality of a record and what can be measured on it."""
        return looked_of(*self._ask("looked", [record], {}))

    def seen(self, model: Path, record: Record) -> Seen:
        """Give the very signal that a model's network reads of a record."""
        return seen_of(*self._ask("seen", [record], {}, model))

    def prove(self, model: Path) -> None:
        """Load a bundle from anew and let it show that it computes what it did when it was released."""
        self._ask("prove", [], {}, model)

    def predict(
        self, model: Path, records: Sequence[Record], leads: Sequence[str] | None = None, anyway: bool = False
    ) -> list[Prediction]:
        """Give what the model says of each record.

        Args:
            model: folder of a bundle.
            records: any records.
            leads: use these leads only.
            anyway: speak where quality, age or distance from the known records forbid it; the prediction says so.
        """
        words = {"leads": leads and list(leads), "anyway": anyway}
        found: list[Prediction] = []
        for first in range(0, len(records), _AT_ONCE):
            tree, _ = self._ask("predict", records[first : first + _AT_ONCE], words, model)
            found += [Prediction.from_json(one, tree["model"]) for one in tree["records"]]
        return found

    def attribute(self, model: Path, record: Record, code: str, start_s: float = 0.0) -> Attribution:
        """Give what a class leaned on; of a record beyond half a minute, in the half minute from start_s."""
        return attribution_of(*self._ask("attribute", [record], {"code": code, "start_s": start_s}, model))

    def forced(self, model: Path, record: Record) -> dict[str, tuple[Finding, ...]]:
        """Give what the network would say by either modality alone; empty for a model without gates."""
        tree, _ = self._ask("forced", [record], {}, model)
        return {name: findings_of(found) for name, found in tree["forced"].items()}

    def lead_sets(self, model: Path, record: Record, further: Sequence[str] = ()) -> tuple[LeadSet, ...]:
        """Give what the network says with 12 and with fewer of the leads, as many as the record has.

        Args:
            model: folder of a bundle.
            record: any record.
            further: words for sets beside the usual ones, such as `chest` or `I,V5`.
        """
        tree, _ = self._ask("lead_sets", [record], {"further": list(further)}, model)
        return tuple(lead_set_of(one) for one in tree["sets"])

    def timeline(self, model: Path, record: Record) -> Timeline:
        """Give probabilities and gates along a record."""
        return timeline_of(*self._ask("timeline", [record], {}, model))

    def occluded(self, model: Path, record: Record, spans: Sequence[Span]) -> Prediction:
        """Give what the network says with stretches of the record muted, whatever the record's quality."""
        words = {"spans": [dataclasses.asdict(span) for span in spans]}
        tree, _ = self._ask("occluded", [record], words, model)
        return Prediction.from_json(tree["record"], tree["model"])

    def alike(self, model: Path, first: Record, second: Record) -> Likeness:
        """Give how alike two records are to a model that tells persons apart."""
        tree, _ = self._ask("alike", [first, second], {}, model)
        return Likeness(**{**tree["alike"], "leads": tuple(tree["alike"]["leads"])})

    def embedding(self, model: Path, record: Record) -> NDArray[np.float32]:
        """Give the record's features, (width,)."""
        _, blocks = self._ask("embedding", [record], {}, model)
        return np.asarray(blocks["embedding"])

    def _ask(self, verb: str, records: Sequence[Record], words: Mapping[str, Any], model: Path | None = None) -> Answer:
        asked = {"verb": verb, "model": None if model is None else str(model.absolute()), **words}
        long = sum(record.seconds for record in records) > max(_LONG_S, 16.0 * len(records))
        patience = _PATIENCE_S.get(verb, _A_LONG_ONE_S if long else _USUAL_PATIENCE_S)
        slow = verb in _PATIENCE_S or long or len(records) > 1
        return self._pool.ask(asked, encode_reading(Reading(tuple(records), ())), patience, slow=slow)
