"""Findings and intervals as CSV: every number to its last digit, every missing one with its reason."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from ecgssl_core import PURPOSE
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.records import Intervals, Refusal
from ecgssl_core.records.intervals import NUMBERS

FINDINGS = (
    "record", "status", "reason", "unsupported", "code", "name", "probability", "threshold", "low", "high",
    "observed_low", "observed_high", "in_conformal_set", "training_support", "seen_in_training", "model",
    "model_sha256", "note",
)  # fmt: skip
INTERVALS = ("record", "interval", "value", "unit", "reason", "note")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would run a cell that begins so
_UNITS = {"ms": "ms", "deg": "degrees", "min": "/min"}


def findings_csv(predictions: Sequence[Prediction], refused: Sequence[Refusal] = ()) -> str:
    """Give a row for each class of each record.

    status is positive (likely or possible), negative (below), undecided or `not assessed`, then with its reason; a
    record of which nothing is said has one row with the reason, and a file that gave no record has one as well,
    `refused`. unsupported is why an interval that was measured does not support a stated class.
    """
    rows: list[dict[str, Any]] = []
    for one in predictions:
        rows += _rows_of(one)
    rows += [{"record": gone.name, "status": "refused", "reason": gone.sentence} for gone in refused]
    return csv_text(FINDINGS, [{**row, "note": PURPOSE} for row in rows])


def intervals_csv(measured: Sequence[tuple[str, Intervals | None]]) -> str:
    """Give a row for each interval of each record (its name, what was measured or None), with the formula in its name.

    None stands for a record whose unit or rate is unknown.
    """
    unknown = "The unit or the rate of the file is unknown."
    rows = [
        {
            "record": name,
            "interval": number,
            "value": None if found is None else getattr(found, number),
            "unit": _UNITS[number.rpartition("_")[2]],
            "reason": unknown if found is None else found.reasons.get(number, ""),
            "note": PURPOSE,
        }
        for name, found in measured
        for number in NUMBERS
    ]
    return csv_text(INTERVALS, rows)


def csv_text(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    """Give rows as CSV; a text that a spreadsheet would take for a formula has ' before it."""
    content = io.StringIO()
    writer = csv.DictWriter(content, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return content.getvalue()


def cell(value: Any) -> Any:
    """Give a value as it stands in a table."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _rows_of(prediction: Prediction) -> list[dict[str, Any]]:
    about = {
        "record": prediction.name,
        "seen_in_training": prediction.seen,
        "model": prediction.model_name,
        "model_sha256": prediction.model_sha256,
    }
    if prediction.abstained is not None:
        return [{**about, "status": "not assessed", "reason": prediction.abstained}]
    return [
        {
            **about,
            "status": one.status,
            "reason": one.reason or "",
            "unsupported": one.unsupported or "",
            "code": one.code,
            "name": one.name,
            "probability": one.probability,
            "threshold": one.threshold,
            "low": one.low,
            "high": one.high,
            "observed_low": one.observed_low,
            "observed_high": one.observed_high,
            "in_conformal_set": one.in_set,
            "training_support": one.support,
        }
        for one in prediction.findings
    ]
