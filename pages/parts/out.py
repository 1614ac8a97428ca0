"""Predictions as what a person takes away; the JSON is that of `predict --json`."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.records import Refusal
from pages.parts.findings import sort_findings
from pages.parts.frame import PURPOSE

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would run a cell that begins so


def offer_json(predictions: Sequence[Prediction], refused: Sequence[Refusal]) -> None:
    """Offer predictions, by one model, as a file."""
    st.download_button(
        "JSON",
        as_json(predictions, refused),
        "findings.json",
        "application/json",
        key="json",
        on_click="ignore",
        icon=":material/download:",
        help="The same numbers, to the last digit, as `python -m ecgssl_core predict FILE --json`.",
    )


def as_json(predictions: Sequence[Prediction], refused: Sequence[Refusal]) -> str:
    """Give predictions, by one model, letter by letter as the command line prints them."""
    first = predictions[0]
    tree: dict[str, Any] = {
        "model": {"name": first.model_name, "sha256": first.model_sha256},
        "records": [prediction.as_json() for prediction in predictions],
        "refused": [asdict(refusal) for refusal in refused],
        "note": PURPOSE,
    }
    return json.dumps(tree, indent=1, allow_nan=False) + "\n"


def batch_rows(predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
    """Give a row a record: what reaches its threshold, and the sentence where the model says nothing."""
    return [
        {
            "record": _cell(prediction.name),
            "reach their threshold": _reached(prediction),
            "not assessed": prediction.abstained or "",
        }
        for prediction in predictions
    ]


def _reached(prediction: Prediction) -> str:
    if prediction.abstained:
        return ""
    reached = [finding for finding in sort_findings(prediction.findings) if finding.positive]
    return ", ".join(f"{finding.name} {finding.probability:.2f}" for finding in reached) or "none"


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
