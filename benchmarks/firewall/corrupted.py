"""Records corrupted on purpose: for each kind and strength, how many of them the checks speak of."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ecgssl_core.records import Quality, Record, check_quality

from .clean import plain
from .injections import INJECTIONS
from .recordings import recordings
from .shares import share

RECORDS = 30


def report(data: Path) -> Iterator[str]:
    """Give the lines of the table, from records of the half that nothing was tuned on and that are not blocked."""
    records = _chosen(data)
    before = [_told(check_quality(record)) for record in records]
    caught, blocked = Counter[str](), Counter[str]()
    for name, inject, _ in INJECTIONS:
        for record, known in zip(records, before, strict=True):
            quality = check_quality(inject(record))
            caught[name] += quality.blocked is not None or bool(_told(quality) - known)
            blocked[name] += quality.blocked is not None
    yield "| what was done | caught | of which blocked |"
    yield "|---|---|---|"
    for name, _, asked in INJECTIONS:
        mark = "" if asked else " (below the limit of the check)"
        yield f"| {name}{mark} | {share(caught[name], len(records))} | {share(blocked[name], len(records))} |"
    asked = [name for name, _, asked in INJECTIONS if asked]
    new = sum(caught[name] for name in asked)
    yield f"| all above the limits | {share(new, len(asked) * len(records))} | |"


def _chosen(data: Path) -> list[Record]:
    found = [one.record for one in recordings(data, "cinc2020") if not one.tuned and one.record.seconds <= 20]
    few = found[:: max(len(found) // (RECORDS + 10), 1)]
    return [record for record in few if check_quality(record).blocked is None][:RECORDS]


def _told(quality: Quality) -> set[tuple[str, str | None, str]]:
    """Give what is said beyond notes, without the numbers in it."""
    return {(one.severity, one.lead, plain(one.sentence)) for one in quality.issues if one.severity != "note"}
