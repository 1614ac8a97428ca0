"""What is in a folder of records before it is packed: a few of them looked at, spread over the whole."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ecgssl_core.corpus.crew import Crew
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.ready import Form
from ecgssl_core.corpus.source import Source
from ecgssl_core.corpus.tally import Tally
from ecgssl_core.errors import CorpusError, nearest
from ecgssl_core.signals.leads import LEADS

SAMPLE, LEADS_SAMPLE = 12, 48
NEARLY_ALL = 0.9
LIMBS = LEADS[:6]  # all of them follow from I and II


@dataclass(frozen=True)
class Seen:
    """One record of the sample; nothing of it but its key names its owner.

    key, source: as in the pack's table.
    kind, sentence: why it would be refused; empty where it would not. Whether it has the pack's leads is not asked.
    format, rate_hz, seconds, leads, units: as the file has them; units are `file`, `user` or `guessed`.
    span_mv: median over leads of P99.5 − P0.5; an ECG's is some millivolts.
    codes, age, sex: in the file.
    quality, marks: good, warn or bad, and the sentences behind it.
    """

    key: str
    source: str
    kind: str
    sentence: str
    format: str
    rate_hz: float
    seconds: float
    leads: tuple[str, ...]
    units: str
    span_mv: float
    quality: str
    marks: tuple[str, ...]
    codes: tuple[str, ...] = ()
    age: float | None = None
    sex: str | None = None


@dataclass(frozen=True)
class Survey:
    """A sample of a folder: how many records there are, and those that were looked at, by key."""

    records: int
    seen: tuple[Seen, ...]

    def counts(self) -> dict[str, dict[str, Any]]:
        """Give the sample counted by source, in the form of a pack's `survey.json`."""
        tally = Tally()
        for one in self.seen:
            tally.add({**asdict(one), "leads": json.dumps(one.leads)})
        return tally.tree()


def survey_folder(source: Source, sample: int = SAMPLE, progress: Callable[[int, int], None] | None = None) -> Survey:
    """Look at some records of a corpus, spread evenly over its keys, each read apart from this process.

    Args:
        source: the corpus.
        sample: how many records at most; a larger sample costs more time, not more memory.
        progress: called after each with the numbers of records looked at, and of all in the sample.

    Raises:
        CorpusError: there is no record in the folder.
    """
    with Crew() as crew:
        return Survey(len(source.entries), look_at(spread(source.entries, sample), crew, progress))


def look_at(
    entries: Sequence[Entry], crew: Crew, progress: Callable[[int, int], None] | None = None, quality: bool = True
) -> tuple[Seen, ...]:
    """Look at records, all of them.

    Args:
        entries: the records.
        crew: who reads them.
        progress: called after each record.
        quality: whether to say how good they are, which takes longer than all else.
    """
    form = Form(0.0, (), quality=quality)
    seen = []
    for one in crew.in_order(lambda entry: _seen(entry, crew, form), entries):
        seen.append(one)
        if progress is not None:
            progress(len(seen), len(entries))
    return tuple(seen)


def spread(entries: Sequence[Entry], count: int) -> tuple[Entry, ...]:
    """Give some entries, evenly spread from the first to the last."""
    places = np.unique(np.linspace(0, len(entries) - 1, min(count, len(entries))).round().astype(int))
    return tuple(entries[place] for place in places)


def common_leads(entries: Sequence[Entry], crew: Crew) -> tuple[str, ...]:
    """Give the leads that nearly all records of a sample have or that follow from those they have, in their order.

    Raises:
        CorpusError: there is none.
    """
    seen = [one for one in look_at(spread(entries, LEADS_SAMPLE), crew, quality=False) if one.leads]
    counts = Counter(lead for one in seen for lead in _with_limbs(one.leads))
    common = tuple(lead for lead in LEADS if counts[lead] >= NEARLY_ALL * len(seen) > 0)
    if not common:
        raise CorpusError("The records have no lead in common whose name is known; name the pack's leads with --leads.")
    return common


def checked_leads(leads: Sequence[str]) -> tuple[str, ...]:
    """Give names of leads in their standard order.

    Raises:
        CorpusError: one of them is none of the twelve, or there is none at all.
    """
    strange = next((lead for lead in leads if lead not in LEADS), None)
    if strange is not None or not leads:
        raise CorpusError(f"There is no lead {strange or ''!r}: {nearest(strange or '', list(LEADS))}")
    return tuple(lead for lead in LEADS if lead in leads)


def _with_limbs(leads: tuple[str, ...]) -> set[str]:
    return {*leads, *LIMBS} if {"I", "II"} <= set(leads) else set(leads)


def _seen(entry: Entry, crew: Crew, form: Form) -> Seen:
    facts = crew.take(entry.path, form).facts
    return Seen(
        key=entry.key,
        source=entry.source,
        kind=facts.kind,
        sentence=facts.sentence,
        format=facts.format,
        rate_hz=facts.rate,
        seconds=facts.seconds,
        leads=facts.leads,
        units=facts.units,
        span_mv=facts.span_mv,
        quality=facts.quality,
        marks=facts.marks,
        codes=facts.codes,
        age=facts.age,
        sex=facts.sex,
    )
