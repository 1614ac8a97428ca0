"""What a sweep will take: its runs by verb, and the time that runs of these kinds took here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ecgssl_core.runs import spoken
from ecgssl_core.settings import Settings

from .expected import Pace, expected_time, pace_of
from .plan import Part


@dataclass(frozen=True)
class Cost:
    """What a sweep will take: runs by verb, seconds (likely, lowest, highest), runs of which nothing is known."""

    pretrainings: int
    finetunings: int
    seconds: tuple[float, float, float]
    unknown: int

    @property
    def runs(self) -> int:
        """All runs."""
        return self.pretrainings + self.finetunings

    def sentence(self, hands: int) -> str:
        """Give it in one sentence, for so many runs side by side."""
        runs = f"{self.pretrainings} pretrainings, {self.finetunings} fine-tunings and baselines"
        if not self.unknown and not self.seconds[0]:
            return f"{runs}; baselines take seconds to minutes each."
        if self.unknown >= self.runs or not self.seconds[0]:
            return f"{runs}; how long they take is not known, for none of their kinds has been done here yet."
        whole, low, high = (spoken(seconds / hands) for seconds in self.seconds)
        more = f", and {self.unknown} of kinds never done here on top" if self.unknown else ""
        return f"{runs}; expected to take {whole} (likely {low} to {high}, from earlier runs here{more})."


def sweep_cost(parts: Sequence[Part], records: Callable[[Settings], int]) -> Cost:
    """Give what a sweep will take.

    Args:
        parts: its plan.
        records: gives how many records a training sees; asked only where something is known of its kind.
    """
    paces: dict[str, Pace | None] = {}
    sums, unknown = [0.0, 0.0, 0.0], 0
    for part in parts:
        kind = f"{part.verb} {_kind(part.settings)}"
        if kind not in paces:
            paces[kind] = pace_of(part.settings)
        pace = paces[kind]
        if pace is None:
            unknown += part.settings.method != "baseline"
            continue
        told = expected_time(pace, records(part.settings), part.settings)
        sums = [total + one for total, one in zip(sums, (told.seconds, told.low, told.high), strict=True)]
    before = sum(part.verb == "pretrain" for part in parts)
    return Cost(before, len(parts) - before, (sums[0], sums[1], sums[2]), unknown)


def _kind(settings: Settings) -> str:
    """Give what is the same for runs that take as long: seeds, folds and shares of labels are not."""
    data, training = type(settings.data)(), settings.training.model_copy(update={"seed": 0})
    return settings.model_copy(update={"data": data, "training": training}).model_dump_json()
