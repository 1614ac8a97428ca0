"""Signal quality before any prediction: per lead and for the record, each mark with its reason and its remedy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .beat_checks import check_beats
from .electrode_swaps import check_electrodes
from .file_checks import check_file
from .heartbeats import find_heartbeats
from .lead_checks import Bands, bands, check_lead
from .pulse_checks import check_pulses, without_pulses
from .quality_score import check_score
from .record import Issue, Record
from .record_checks import SHORTEST_S, check_record
from .time_scale import check_time_scale

Mark = Literal["good", "warn", "bad"]


@dataclass(frozen=True)
class LeadQuality:
    """The mark of one lead, and the issues behind it."""

    lead: str
    mark: Mark
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class Quality:
    """The quality of a record: of each lead, and all issues, those of the record as a whole first."""

    leads: tuple[LeadQuality, ...]
    issues: tuple[Issue, ...]
    blocked: str | None


def check_quality(record: Record) -> Quality:
    """Give what is wrong with a record's signal; the signal is never altered.

    `blocked` is the sentence why the record may be shown and not predicted, None if it may be predicted.
    """
    pulses = tuple(check_pulses(record))
    record = without_pulses(record)
    parts = bands(record)
    whole = (*check_record(record, parts.middle), *pulses, *_beyond(record, parts))
    of_lead = [
        (*check_lead(record, row, parts), *(issue for issue in whole if issue.lead == lead))
        for row, lead in enumerate(record.leads)
    ]
    leads = tuple(LeadQuality(lead, _mark(issues), issues) for lead, issues in zip(record.leads, of_lead, strict=True))
    issues = (*whole, *(issue for one in leads for issue in one.issues if issue not in whole))
    first = next((issue for issue in (*record.issues, *issues) if issue.severity == "block"), None)
    return Quality(leads, issues, None if first is None else f"Shown, not scored: {first.sentence}")


def _beyond(record: Record, parts: Bands) -> Iterator[Issue]:
    """Give what the file and the beats show; a record too short for a beat has been refused for that."""
    if record.seconds < SHORTEST_S:
        return
    yield from check_file(record)
    beats = find_heartbeats(record, parts)
    yield from check_beats(record, beats)
    if len(beats.times):
        yield from check_time_scale(record, parts, beats)
        yield from check_electrodes(record, beats)
    yield from check_score(record, parts, beats)


def _mark(issues: tuple[Issue, ...]) -> Mark:
    severities = {issue.severity for issue in issues}
    return "bad" if "block" in severities else "warn" if "warn" in severities else "good"
