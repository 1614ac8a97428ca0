"""The table of many records: a row for each, refused files among them, with what a person sorts and filters by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.inference.stated import by_height, rounded_said
from ecgssl_core.printed import cell
from ecgssl_core.records import Intervals, Quality, Record, Refusal, open_questions
from pages.parts.names import plain_text

KINDS = ("All", "A class stated", "Not assessed", "Refused", "Waiting")
SAID = "what the model says, or why it says nothing"
_ASKED = {"ASK-UNIT": "unit", "ASK-LEAD": "leads", "ASK-RATE": "rate"}
_TOP = 4
_LONGEST = 80
_WORDS = {"positive": KINDS[1], "not assessed": KINDS[2], "refused": KINDS[3], "waiting": KINDS[4]}


@dataclass(frozen=True, eq=False)
class Answered:
    """What is known of one record; quality and intervals are None where its unit or rate is unknown."""

    prediction: Prediction
    quality: Quality | None
    intervals: Intervals | None


def batch_rows(
    records: Sequence[Record], answers: Mapping[int, Answered], refused: Sequence[Refusal]
) -> list[dict[str, Any]]:
    """Give a row for each record, in order, and then for each file that gave none.

    Args:
        records: all of an upload.
        answers: what is known, by the place of the record; one that is not here yet is waiting.
        refused: files that gave no record.
    """
    rows = [_row(record, answers.get(place)) for place, record in enumerate(records)]
    return [*rows, *(_blank(gone.name, "refused", gone.sentence) for gone in refused)]


def count_kinds(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Give how many rows there are of each kind that a person may look at alone; those of none are left out."""
    counts = {KINDS[0]: len(rows)}
    counts |= {kind: sum(row["status"] == status for row in rows) for status, kind in _WORDS.items()}
    return {kind: count for kind, count in counts.items() if count}


def places_of(rows: Sequence[Mapping[str, Any]], kind: str | None) -> list[int]:
    """Give the places of the rows of a kind."""
    statuses = {status for status, name in _WORDS.items() if name == kind}
    return [place for place, row in enumerate(rows) if not statuses or row["status"] in statuses]


def _row(record: Record, known: Answered | None) -> dict[str, Any]:
    row = _blank(record.name, "waiting", "")
    said = "" if known is None else _left_open(record) or _said(known.prediction)
    row |= {
        "leads": len(record.leads),
        "rate, Hz": float(record.rate),
        "length, s": round(record.seconds, 1),
        "format": record.format,
    }
    if known is None:
        return row
    rate = known.intervals.heart_rate_per_min if known.intervals else None
    return row | {
        "quality": _quality(known.quality),
        "heart rate, /min": None if rate is None else round(rate),
        SAID: cell(plain_text(said)),
        "findings": cell(plain_text(_reached(known.prediction))),
        "status": _status(known.prediction),
        "why nothing is said": cell(plain_text(_left_open(record) or known.prediction.abstained or "")),
    }


def _blank(name: str, status: str, reason: str) -> dict[str, Any]:
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    return {
        "record": cell(plain_text(short)),
        "status": status,
        SAID: cell(plain_text(reason)),
        "findings": "",
        "heart rate, /min": None,
        "quality": "",
        "why nothing is said": cell(plain_text(reason)),
        "leads": None,
        "rate, Hz": None,
        "length, s": None,
        "format": "",
    }


def _said(prediction: Prediction) -> str:
    words = _reached(prediction) or prediction.abstained or ""
    return f"AGAINST THE RULES: {words}" if prediction.despite is not None else words


def _left_open(record: Record) -> str:
    """Give what a person has to say first; nothing of a record that leaves nothing open."""
    asked = open_questions(record)
    if not asked:
        return ""
    half = "".join(f"{issue.sentence} " for issue in record.issues if issue.kind == "PART")
    return f"{half}Open it and say: {', '.join(word for kind, word in _ASKED.items() if kind in asked)}."


def _status(prediction: Prediction) -> str:
    if prediction.abstained is not None:
        return "not assessed"
    return "positive" if any(one.status == "positive" for one in prediction.findings) else "negative"


def _reached(prediction: Prediction) -> str:
    found = [one for one in by_height(prediction.findings) if one.status == "positive"]
    if prediction.abstained is not None:
        return ""
    more = f" and {len(found) - _TOP} more" if len(found) > _TOP else ""
    return ", ".join(f"{one.name} {rounded_said(one.probability)}" for one in found[:_TOP]) + more or "none stated"


def _quality(quality: Quality | None) -> str:
    if quality is None:
        return "not judged"
    if quality.blocked:
        return "not usable"
    doubtful = sum(lead.mark != "good" for lead in quality.leads)
    return f"{doubtful} of {len(quality.leads)} leads doubtful" if doubtful else "good"
