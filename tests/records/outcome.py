"""What reading one file comes to: its record, or the kind of the sentence that stands in the way."""

from ecgssl_core.records.read import read_records
from ecgssl_core.records.record import Reading, Record

_GRAVEST = ("block", "warn", "note")
_MOST_WORDS = 25


def reading_of(content: bytes, name: str = "made") -> Reading:
    """Give what a file gives; every sentence that refuses it must be short and name no path."""
    reading = read_records({name: content})
    for refusal in reading.refused:
        assert len(refusal.sentence.split()) <= _MOST_WORDS, refusal.sentence
        assert "/" not in refusal.sentence, refusal.sentence  # no path, ever
    return reading


def record_of(content: bytes, name: str = "made") -> Record:
    """Give the one record of a file that is not refused."""
    reading = reading_of(content, name)
    assert reading.refused == ()
    (record,) = reading.records
    return record


def refused_kind(content: bytes, name: str = "made") -> str:
    """Give the kind of the one refusal of a file that gives no record."""
    reading = reading_of(content, name)
    (refusal,) = reading.refused
    assert reading.records == ()
    return refusal.kind


def blocking_kind(content: bytes, name: str = "made") -> str:
    """Give the kind of the refusal, or of the first issue that forbids predictions; empty if there is neither."""
    reading = reading_of(content, name)
    if reading.refused:
        return reading.refused[0].kind
    return next((issue.kind for issue in reading.records[0].issues if issue.severity == "block"), "")


def gravest_kind(content: bytes, name: str = "made") -> str:
    """Give the kind of the refusal, or of the gravest issue, whose sentences must be short too."""
    reading = reading_of(content, name)
    if reading.refused:
        return reading.refused[0].kind
    issues = sorted(reading.records[0].issues, key=lambda issue: _GRAVEST.index(issue.severity))
    assert all(len(issue.sentence.split()) <= _MOST_WORDS for issue in issues)
    return issues[0].kind
