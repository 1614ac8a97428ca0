"""The differences of two records as what a person takes away."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from ecgssl_core import PURPOSE
from ecgssl_core.inference.likeness import MIX_UP, Likeness
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.records import Record
from pages.parts.take import as_csv

Rows = Sequence[dict[str, Any]]


def offer_differences(
    records: tuple[Record, Record],
    intervals: Rows,
    predictions: tuple[Prediction, Prediction] | None,
    classes: Rows,
    alike: Likeness | None = None,
) -> None:
    """Offer the differences of two records as tables and as one JSON."""
    with st.container(horizontal=True):
        _button("Intervals, CSV", as_csv(intervals), "intervals.csv", "text/csv")
        if classes:
            _button("Predictions, CSV", as_csv(classes), "predictions.csv", "text/csv")
        _button(
            "All, JSON",
            as_json(records, intervals, predictions, classes, alike),
            "differences.json",
            "application/json",
        )


def as_json(
    records: tuple[Record, Record],
    intervals: Rows,
    predictions: tuple[Prediction, Prediction] | None,
    classes: Rows,
    alike: Likeness | None = None,
) -> str:
    """Give the two records' names, and what is different in them, as JSON."""
    first = predictions[0] if predictions else None
    tree = {
        "records": [{"name": record.name, "digest": record.digest} for record in records],
        "intervals": list(intervals),
        "same_patient": alike and {**asdict(alike), "note": MIX_UP},
        "model": first and {"name": first.model_name, "sha256": first.model_sha256},
        "abstained": [one.abstained for one in predictions] if predictions else [],
        "predictions": list(classes),
        "note": PURPOSE,
    }
    return json.dumps(tree, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def _button(label: str, content: str, name: str, kind: str) -> None:
    st.download_button(label, content, name, kind, key=f"take {name}", on_click="ignore", icon=":material/download:")
