"""Making a pack: every record of a corpus is read, converted and appended; broken ones are listed, the rest goes on."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.admit import Admitted, admit
from ecgssl_core.corpus.changes import Changes, find_changes
from ecgssl_core.corpus.crew import Crew
from ecgssl_core.corpus.entry import Entry
from ecgssl_core.corpus.held import admitted_in
from ecgssl_core.corpus.journal import JOURNAL, Journal, Line
from ecgssl_core.corpus.origins import entry_digest
from ecgssl_core.corpus.pack import FILES, FORM, MANIFEST, Pack, open_pack
from ecgssl_core.corpus.ready import Form
from ecgssl_core.corpus.source import Source
from ecgssl_core.corpus.survey import checked_leads, common_leads
from ecgssl_core.corpus.tables import write_tables
from ecgssl_core.durable import locked, sync_folder
from ecgssl_core.errors import CorpusError, OwnFault
from ecgssl_core.signals.leads import LEADS

QUALITY_EVERY = 64  # check_quality takes longer than all else together, so that only one record in so many is looked at
BEFORE = "before"  # the pack that a new one takes the place of, for the moment between two moves

Progress = Callable[[int, int], None]


def build_pack(
    source: Source,
    out: Path,
    rate: float = 100.0,
    progress: Progress | None = None,
    *,
    leads: Sequence[str] | None = LEADS,
    report: Callable[[Changes], None] | None = None,
) -> Pack:
    """Make a pack of a corpus, go on with one that was interrupted, or bring a finished one up to date.

    Nothing appears at `out` before it is whole. The same records give the same bytes, interrupted or not, grown or new:
    records stand in the order of their keys. Where `out` is there, only records that are new, or whose files or labels
    changed, are read; the others are copied, and if there is nothing new, nothing is touched.

    Args:
        source: the corpus.
        out: folder of the pack.
        rate: samples a second to which every record is brought.
        progress: called after each record with the numbers of records handled, and of all.
        leads: names of the pack's leads, some of LEADS; None takes those that nearly all records of a sample have.
        report: called where `out` is there, with what changed since.

    Raises:
        CorpusError: out holds something else, or no record at all could be packed.
        RunError: another process is packing into it.
        OwnFault: the disk failed or is full; the same call goes on where it stopped.
    """
    wanted = None if leads is None else checked_leads(leads)
    out = out.resolve()
    aside = out.with_name(f"{out.name}.part")
    try:
        if out.exists() and not (out / MANIFEST).is_file():
            raise CorpusError(f"{out.name} is there already and is no pack; choose another name for the pack.")
        aside.mkdir(parents=True, exist_ok=True)
        with locked(aside / "lock", f"{out.name} is being packed by another process; wait until it ends."):
            _recover(aside, out)
            try:
                if _fill(aside, out, source, rate, wanted, progress, report):
                    _take_place(aside, out)
            except CorpusError:
                if not (aside / JOURNAL).exists():
                    shutil.rmtree(aside)
                raise
        shutil.rmtree(aside)
    except OSError as error:
        told = f"Packing into {out.name} stopped ({error.strerror or 'unknown fault'})"
        raise OwnFault(f"{told}; what is packed so far is kept, run the same again.") from error
    return open_pack(out)


def _fill(
    aside: Path,
    out: Path,
    source: Source,
    rate: float,
    leads: tuple[str, ...] | None,
    progress: Progress | None,
    report: Callable[[Changes], None] | None,
) -> bool:
    """Make the pack's files aside; False where what is at `out` is as it should be."""
    entries, old = source.entries, open_pack(out) if out.exists() else None
    with Crew() as crew:
        chosen = leads or (old.leads if old is not None else common_leads(entries, crew))
        form = Form(float(rate), chosen, named=leads is not None)
        identity = {"form": FORM, "rate_hz": form.rate, "leads": list(form.leads)}
        as_before = np.zeros(len(entries), dtype=bool)
        if old is not None:
            if (old.manifest["form"], old.rate, old.leads) != (FORM, form.rate, form.leads):
                raise CorpusError(f"{out.name} is a pack of something else already; remove it, or choose another name.")
            changes, as_before = find_changes(source, old, crew)
            if report is not None:
                report(changes)
            if not changes:
                return False
        identity |= {"source": source.name, "folder": source.folder.name}
        journal = Journal(aside, identity, partial(_is_next, entries))
        try:
            for admitted in crew.in_order(partial(_admitted, crew, form), _steps(entries, as_before, old, journal.count)):
                journal.add(admitted)
                if progress is not None:
                    progress(journal.count, len(entries))
            journal.finish()
        finally:
            journal.close()
    _refuse_emptiness(journal, aside)
    write_tables(journal, identity)
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


def _refuse_emptiness(journal: Journal, aside: Path) -> None:
    if journal.samples == 0:
        first = next(journal.lines())["origin"]
        (aside / JOURNAL).unlink()
        told = f"None of the {journal.count} records could be packed; {first['key']}: {first['sentence']}"
        raise CorpusError(told)


def _take_place(aside: Path, out: Path) -> None:
    """Move the finished pack to its place; files that others put into the pack before it, such as folds, go along."""
    if out.exists():
        for file in out.iterdir():
            if file.name not in FILES and file.is_file():
                shutil.copy2(file, aside / "pack" / file.name)
        out.replace(aside / BEFORE)
    (aside / "pack").replace(out)
    sync_folder(out.parent)


def _recover(aside: Path, out: Path) -> None:
    """Undo or end the exchange of two packs that a kill interrupted."""
    if (aside / BEFORE).exists() and not out.exists():
        (aside / BEFORE).replace(out)
