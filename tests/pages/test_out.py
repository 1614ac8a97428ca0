"""What a person takes away of one record, and that the sheet is the one that is seen."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ecgssl_core import PURPOSE
from ecgssl_core.inference.card import find_models
from pages.parts.keys import PAPER_NOW
from pages.parts.out import as_json, offer_out
from tests.printed.made import example, prediction
from tests.printed.measuring import opened

ROOT = Path(__file__).parents[2]
needs_model = pytest.mark.skipif(not find_models(), reason="no model has been released to checkpoints/")


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], Any]]:
    """What each button would give, by the name of its file."""
    made: dict[str, Callable[[], Any]] = {}

    def button(_label: str, data: Callable[[], Any], name: str, *_words: object, **_more: object) -> None:
        made[name] = data

    monkeypatch.setattr(st, "download_button", button)
    return made


def test_a_record_is_taken_away_as_sheet_numbers_and_tables(files: dict[str, Callable[[], Any]]) -> None:
    record = example()
    offer_out(record, prediction(), None)
    assert sorted(files) == sorted([f"ecg-{record.digest[:8]}.pdf", "findings.csv", "findings.json", "intervals.csv"])
    assert record.name not in " ".join(files)
    (first, *_) = opened(files[f"ecg-{record.digest[:8]}.pdf"]())
    assert "25 mm/s · 10 mm/mV" in first.words
    assert "QTc Fridericia 419 ms" in first.words
    assert json.loads(files["findings.json"]())["note"] == PURPOSE
    assert len(list(csv.DictReader(io.StringIO(files["findings.csv"]())))) == 4
    assert "419" in files["intervals.csv"]()


def test_without_a_model_the_sheet_and_the_intervals_are_there(files: dict[str, Callable[[], Any]]) -> None:
    offer_out(example(), None, None)
    assert sorted(name.rpartition(".")[2] for name in files) == ["csv", "pdf"]


def test_the_sheet_is_as_the_paper_is_set_when_the_button_is_pressed(
    files: dict[str, Callable[[], Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    offer_out(example(), None, None)
    state[PAPER_NOW].update(gain=5.0, layout="6x2", cabrera=True)  # as a fragment above does later
    (name,) = (name for name in files if name.endswith("pdf"))
    (first, *_) = opened(files[name]())
    assert "HALF GAIN" in first.words
    assert "−aVR" in first.words
    assert len(first.pulses) == 6


def test_numbers_are_given_to_the_last_bit() -> None:
    tree = json.loads(as_json([prediction()], ()))
    (record,) = tree["records"]
    assert [one["probability"] for one in record["findings"]] == [one.probability for one in prediction().findings]


@needs_model
def test_the_page_offers_them_below_the_findings() -> None:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180).run()
    assert not page.exception, page.exception
    labels = [button.proto.label for button in page.get("download_button")]
    assert {"PDF", "JSON", "Findings CSV", "Intervals CSV"} <= set(labels)
    page.selectbox(key="paper size").set_value("Letter").run()
    assert page.selectbox(key="paper size").value == "Letter"
    assert not page.exception, page.exception
