"""Filling a pack: each record of a corpus is read, converted and appended; broken ones are listed, the rest goes on."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.admit import Admitted, admit
from ecgssl_core.corpus.changes import Changes, find_changes
from ecgssl_core.corpus.crew import Crew
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.held import admitted_in
from ecgssl_core.corpus.journal import JOURNAL, Journal, Line
from ecgssl_core.corpus.origins import entry_digest
from ecgssl_core.corpus.pack import FORM, Pack, open_pack
from ecgssl_core.corpus.ready import Form
from ecgssl_core.corpus.source import Source, keep_label_set
from ecgssl_core.corpus.survey import checked_leads, common_leads
from ecgssl_core.corpus.tables import write_tables
from ecgssl_core.errors import CorpusError
from ecgssl_core.records.answers import Answers

QUALITY_EVERY = 64  # check_quality takes longer than all else together, so that only one record in so many is looked at


@dataclass(frozen=True)
class Asked:
    """What is to be packed, and how.

    Args:
        source: the corpus.
        rate: samples a second of the pack.
        leads: names of its leads; None takes those that nearly all records have.
        answers: what a person says where files do not say it.
    """

    source: Source
    rate: float
    leads: Sequence[str] | None
    answers: Answers

    def form(self, crew: Crew, old: Pack | None = None) -> Form:
        """Give what the pack wants of its records; one that is there already has decided on its leads.

        Raises:
            CorpusError: there are no such leads, or none in common.
        """
        if self.leads is not None:
            leads = checked_leads(self.leads)
        else:
            leads = old.leads if old is not None else common_leads(self.source.entries, crew)
        told = self.answers
        return Form(float(self.rate), leads, told.unit_mv, told.leads, told.rate)

    def identity(self, form: Form) -> dict[str, Any]:
        """Give what makes two packs of the same records differ."""
        told = {name: value for name, value in asdict(self.answers).items() if value is not None}
        answers = {"answers": {name: list(value) if name == "leads" else value for name, value in told.items()}}
        return {"form": FORM, "rate_hz": form.rate, "leads": list(form.leads), **(answers if told else {})}


def fill(
    aside: Path,
    out: Path,
    asked: Asked,
    progress: Callable[[int, int], None] | None,
    report: Callable[[Changes], None] | None,
) -> bool:
    """Make a pack's files in `<aside>/pack`.

    Args:
        aside: a folder that is held; what a killed process left in it is gone on with.
        out: where the pack will be, or is.
        asked: what is to be packed.
        progress: called after each record with the numbers of records handled, and of all.
        report: called with what changed since the pack at `out`.

    Returns:
        False where what is at `out` is as it should be, and nothing was made.

    Raises:
        CorpusError: `out` or `aside` holds something else, or no record could be packed.
    """
    entries, classes = asked.source.entries, asked.source.classes
    old = open_pack(out) if out.exists() else None
    with Crew() as crew:
        form = asked.form(crew, old)
        identity = asked.identity(form)
        as_before = np.zeros(len(entries), dtype=bool)
        if old is not None:
            if any(old.manifest.get(name) != identity.get(name) for name in ("form", "rate_hz", "leads", "answers")):
                raise CorpusError(f"{out.name} is a pack of something else already; remove it, or choose another name.")
            changes, as_before = find_changes(asked.source, old, crew)
            if report is not None:
                report(changes)
            if not changes:
                return False
        identity |= {"source": asked.source.name, "folder": asked.source.folder.name}
        identity |= {"labels": asked.source.table} if asked.source.table else {}
        journal = Journal(aside, identity, partial(_is_next, entries))
        try:
            steps = _steps(entries, as_before, old, journal.count)
            for admitted in crew.in_order(partial(_admitted, crew, form), steps):
                journal.add(admitted)
                if progress is not None:
                    progress(journal.count, len(entries))
            journal.finish()
        finally:
            journal.close()
    if journal.samples == 0:
        first = next(journal.lines())["origin"]
        (aside / JOURNAL).unlink()
        told = f"None of the {journal.count} records could be packed; {first['key']}: {first['sentence']}"
        raise CorpusError(told)
    write_tables(journal, identity)
    keep_label_set(journal.pack, classes)
    return True


def _steps(
    entries: Sequence[Entry], as_before: NDArray[np.bool_], old: Pack | None, done: int
) -> Iterator[Entry | Admitted]:
    """Give what is to be handled from some place on: records to be read, and those that a pack holds already."""
    held = admitted_in(old) if old is not None and as_before.any() else iter(())
    for place, entry in enumerate(entries):
        if as_before[place]:
            kept = next(one for one in held if one.origin["key"] == entry.key)
            if place >= done:
                yield kept
        elif place >= done:
            yield entry


def _admitted(crew: Crew, form: Form, step: Entry | Admitted) -> Admitted:
    if isinstance(step, Admitted):
        return step
    looked_at = hashlib.sha256(step.key.encode()).digest()[0] < 256 // QUALITY_EVERY
    return admit(step, crew.take(step.path, replace(form, quality=looked_at)))


def _is_next(entries: Sequence[Entry], place: int, line: Line) -> bool:
    if place >= len(entries):
        return False
    known = line["origin"]["key"], line["origin"]["entry"]
    return known == (entries[place].key, entry_digest(entries[place]))
