"""What is printed in the tests: real records, and predictions of numbers chosen for what they must look like."""

from functools import cache
from pathlib import Path

from ecgssl_core.inference.files import read_files
from ecgssl_core.inference.prediction import Finding, Prediction, Status
from ecgssl_core.records import Intervals, Quality, Record, check_quality, measure


def finding(name: str, probability: float, status: Status, reason: str | None = None, **more: float) -> Finding:
    return Finding(
        code=f"code-{name}",
        name=name,
        probability=probability,
        threshold=0.25,
        positive=probability >= 0.25,
        support=3 if status == "not assessed" else 60,
        in_set=True,
        low=probability / 2,
        high=min(1.0, probability * 1.2),
        status=status,
        reason=reason,
        **more,  # type: ignore[arg-type]
    )


EXAMPLES = Path(__file__).parents[2] / "examples"


@cache
def example(name: str = "HR00318.hea", folder: Path = EXAMPLES) -> Record:
    """The only record in a file."""
    (record,) = read_files([folder / name]).records
    return record


@cache
def looked(record: Record) -> tuple[Quality, Intervals]:
    """Quality and intervals of a record, worked out once."""
    return check_quality(record), measure(record)


FINDINGS = (
    finding("left bundle branch block", 0.81, "positive", observed=0.7, observed_low=0.55, observed_high=0.88),
    finding("sinus rhythm", 0.24, "undecided", "Undecided: too near to the threshold."),
    finding("atrial fibrillation", 0.02, "negative"),
    finding("pacing rhythm", 0.4, "not assessed", "Not assessed: 3 examples in training are too few."),
)


def prediction(abstained: str | None = None, seen: bool = False, despite: str | None = None) -> Prediction:
    found = () if abstained else FINDINGS
    return Prediction("made", "a-model", "ab" * 32, 7, (0.0,), abstained, seen, found, None, (), despite)
