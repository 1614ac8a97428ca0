"""Signal quality before any prediction: per lead and for the record, each mark with its reason and its remedy."""

from dataclasses import dataclass
from typing import Literal

from .lead_checks import bands, check_lead
from .record import Issue, Record
from .record_checks import check_record

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
    parts = bands(record)
    whole = check_record(record, parts.middle)
    of_lead = [
        (*check_lead(record, row, parts), *(issue for issue in whole if issue.lead == lead))
        for row, lead in enumerate(record.leads)
    ]
    leads = tuple(LeadQuality(lead, _mark(issues), issues) for lead, issues in zip(record.leads, of_lead, strict=True))
    issues = (*whole, *(issue for one in leads for issue in one.issues if issue not in whole))
    first = next((issue for issue in (*record.issues, *issues) if issue.severity == "block"), None)
    return Quality(leads, issues, None if first is None else f"Shown, not scored: {first.sentence}")


def _mark(issues: tuple[Issue, ...]) -> Mark:
    severities = {issue.severity for issue in issues}
    return "bad" if "block" in severities else "warn" if "warn" in severities else "good"
