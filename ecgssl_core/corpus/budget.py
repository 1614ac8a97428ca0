"""What packing will take, measured on a small sample, and what it took."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from ecgssl_core.corpus.crew import Crew
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.fill import Asked
from ecgssl_core.corpus.pack import FILES, Pack
from ecgssl_core.corpus.ready import Form
from ecgssl_core.corpus.source import Source
from ecgssl_core.corpus.survey import spread
from ecgssl_core.records.answers import Answers
from ecgssl_core.signals.leads import LEADS

SAMPLE = 48
ROW_BYTES = 400  # of a record in the tables, beside its samples


@dataclass(frozen=True)
class Budget:
    """What packing will take.

    Args:
        records: in the corpus.
        sampled: of them read for the estimate.
        refused: of the sample.
        minutes, gigabytes: of time, and of disk.
        leads: what the pack will have.
    """

    records: int
    sampled: int
    refused: int
    minutes: float
    gigabytes: float
    leads: tuple[str, ...]

    def sentence(self) -> str:
        """Give the budget in one sentence."""
        refused = f", {self.refused} of them refused" if self.refused else ""
        return (
            f"{self.records:,} records will take about {_minutes(self.minutes)}, some seconds to start beside it, "
            f"and {_size(self.gigabytes)} ({self.sampled} read for this estimate{refused})."
        )


@dataclass(frozen=True)
class Spent:
    """What packing took.

    Args:
        records, refused: packed, and left out.
        minutes, gigabytes: of time, and of disk.
        raw_share: size of the pack, divided by that of its int16 samples alone.
    """

    records: int
    refused: int
    minutes: float
    gigabytes: float
    raw_share: float

    def sentence(self) -> str:
        """Give the truth in one sentence."""
        return (
            f"{self.records:,} records packed and {self.refused:,} refused in {_minutes(self.minutes)}; "
            f"{_size(self.gigabytes)}, {self.raw_share:.3f} times the samples alone."
        )


def estimate_budget(
    source: Source,
    rate: float = 100.0,
    *,
    leads: Sequence[str] | None = LEADS,
    answers: Answers | None = None,
    sample: int = SAMPLE,
) -> Budget:
    """Estimate what packing a corpus will take, by reading some of its records on all cores.

    Args:
        source: the corpus.
        rate: samples a second of the pack.
        leads: names of the pack's leads; None takes those that nearly all records have.
        answers: what a person says where files do not say it.
        sample: how many records to read at most.

    Raises:
        CorpusError: there is no record in the folder, or it has no such leads.
    """
    entries = source.entries
    some = spread(entries, sample)
    with Crew() as crew:
        form = Asked(source, rate, leads, answers or Answers()).form(crew)
        crew.take(some[0].path, form)  # starts what waits, which a long packing does not notice
        start = time.monotonic()
        taken = list(crew.in_order(lambda entry: _samples(crew, entry, form), some))
        seconds = time.monotonic() - start
    share = len(entries) / len(some)
    size = share * 2 * len(form.leads) * sum(taken) + ROW_BYTES * len(entries)
    return Budget(len(entries), len(some), taken.count(0), share * seconds / 60, size / 1e9, form.leads)


def spent(pack: Pack, seconds: float) -> Spent:
    """Give what a pack took.

    Args:
        pack: the finished pack.
        seconds: that packing lasted.
    """
    size = sum((pack.path / name).stat().st_size for name in FILES if (pack.path / name).exists())
    refused = int(pack.manifest.get("refused", 0))
    return Spent(len(pack), refused, seconds / 60, size / 1e9, size / max(pack.signals.nbytes, 1))


def _samples(crew: Crew, entry: Entry, form: Form) -> int:
    return len(crew.take(entry.path, form).counts)


def _minutes(minutes: float) -> str:
    return f"{60 * minutes:.0f} s" if minutes < 1.5 else f"{minutes:.0f} min"


def _size(gigabytes: float) -> str:
    return f"{1000 * gigabytes:.0f} MB" if gigabytes < 1 else f"{gigabytes:.1f} GB"
