"""One ECG: read it apart from this process, say how good it is, and measure it."""

from .answers import Answers, answered, is_scaled, open_questions, parse_answers
from .intervals import Intervals, intervals_json, measure
from .quality import LeadQuality, Quality, check_quality
from .read import gather, read_records
from .record import Issue, Reading, Record, Refusal
from .sandbox import read_isolated, sandbox_limits, warm_up

__all__ = [
    "Answers",
    "Intervals",
    "Issue",
    "LeadQuality",
    "Quality",
    "Reading",
    "Record",
    "Refusal",
    "answered",
    "check_quality",
    "gather",
    "intervals_json",
    "is_scaled",
    "measure",
    "open_questions",
    "parse_answers",
    "read_isolated",
    "read_records",
    "sandbox_limits",
    "warm_up",
]
