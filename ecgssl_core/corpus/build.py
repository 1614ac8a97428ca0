"""Making a pack: nothing appears at its place before it is whole, and what is there already is brought up to date."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from ecgssl_core.corpus.changes import Changes
from ecgssl_core.corpus.fill import Asked, fill
from ecgssl_core.corpus.journal import JOURNAL
from ecgssl_core.corpus.pack import FILES, MANIFEST, Pack, open_pack
from ecgssl_core.corpus.source import Source
from ecgssl_core.durable import locked, sync_folder
from ecgssl_core.errors import CorpusError, OwnFault
from ecgssl_core.records.answers import Answers
from ecgssl_core.signals.leads import LEADS

BEFORE = "before"  # the pack that a new one takes the place of, for the moment between two moves


def build_pack(
    source: Source,
    out: Path,
    rate: float = 100.0,
    progress: Callable[[int, int], None] | None = None,
    *,
    leads: Sequence[str] | None = LEADS,
    answers: Answers | None = None,
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
        answers: what a person says where files do not say it; used only for those.
        report: called where `out` is there, with what changed since.

    Raises:
        CorpusError: out holds something else, or no record at all could be packed.
        RunError: another process is packing into it.
        OwnFault: the disk failed or is full; the same call goes on where it stopped.
    """
    asked = Asked(source, rate, leads, answers or Answers())
    out = out.resolve()
    aside = out.with_name(f"{out.name}.part")
    try:
        if out.exists() and not (out / MANIFEST).is_file():
            raise CorpusError(f"{out.name} is there already and is no pack; choose another name for the pack.")
        aside.mkdir(parents=True, exist_ok=True)
        with locked(aside / "lock", f"{out.name} is being packed by another process; wait until it ends."):
            _recover(aside, out)
            try:
                if fill(aside, out, asked, progress, report):
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
