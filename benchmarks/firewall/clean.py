"""What the checks say of records that nobody called bad: blocks and warnings, and how long they take."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ecgssl_core.records import check_quality

from .recordings import recordings
from .shares import share

SOURCES = ("cinc2020", "code15", "ludb")
_LEAD = re.compile(r"^Lead [A-Za-z0-9]+:? ?")
_NUMBER = re.compile(r"-?\d[\d.]*(e[+-]\d+)?")


def report(data: Path) -> Iterator[str]:
    """Give the lines of three tables: blocks by source, reasons, milliseconds."""
    blocked, warned, records = Counter[str](), Counter[str](), Counter[str]()
    reasons: dict[str, Counter[str]] = {"block": Counter(), "warn": Counter(), "note": Counter()}
    times, named = [], []
    for name in SOURCES:
        for one in recordings(data, name):
            start = time.process_time()
            quality = check_quality(one.record)
            if one.record.seconds <= 10 and len(one.record.leads) == 12:
                times.append(1000 * (time.process_time() - start))
            records[one.source] += 1
            blocked[one.source] += quality.blocked is not None
            warned[one.source] += any(issue.severity == "warn" for issue in quality.issues)
            if quality.blocked is not None:
                named.append(f"{one.source}/{one.record.name}: {quality.blocked}")
            for severity, sentence in {(issue.severity, plain(issue.sentence)) for issue in quality.issues}:
                reasons[severity][sentence] += 1
    yield "| source | blocked | any warning |"
    yield "|---|---|---|"
    for source, count in records.items():
        yield f"| {source} | {share(blocked[source], count)} | {share(warned[source], count)} |"
    yield ""
    total = sum(records.values())
    yield f"Reasons, by the number of {total} records that have them:"
    yield ""
    for severity, found in reasons.items():
        yield from (f"- {severity}: {sentence} {count}" for sentence, count in found.most_common())
    yield ""
    yield "Blocked:"
    yield from (f"- {line}" for line in named)
    yield ""
    middle, high = np.percentile(times, [50, 95])
    yield f"Processor time of a record of at most 10 s and 12 leads: median {middle:.0f} ms, 95 % below {high:.0f} ms."


def plain(sentence: str) -> str:
    """Give a sentence without the lead and the numbers in it."""
    return _NUMBER.sub("#", _LEAD.sub("", sentence))
