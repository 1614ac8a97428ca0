"""The table of findings, and the gates beside it."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.prediction import Finding, Status
from ecgssl_core.inference.stated import by_height, rounded_said
from pages.parts.findings import headline

ROOT = Path(__file__).parents[2]


def finding(name: str, probability: float, threshold: float, support: int = 50, **more: Any) -> Finding:
    reached = probability >= threshold
    status: Status = "positive" if reached else "negative"
    first = (f"code {name}", name, probability, threshold, reached, support, True, probability / 2, probability)
    return Finding(*first, **{"status": status, **more})


FINDINGS = (finding("low", 0.1, 0.5), finding("far", 0.3, 0.1), finding("near", 1 / 3, 0.3, support=4))
HELD = {"observed": 0.89, "observed_low": 0.8, "observed_high": 0.94, "observed_n": 72}


def test_the_class_farthest_above_its_threshold_comes_first() -> None:
    assert [one.name for one in by_height(FINDINGS)] == ["far", "near", "low"]


def test_a_threshold_of_zero_does_no_harm() -> None:
    assert by_height((FINDINGS[0], finding("zero", 0.1, 0.0)))[0].name == "zero"


def test_one_line_says_what_is_stated() -> None:
    words = "**far** possible: 0.30. Also stated: **near** 0.33."
    assert headline(by_height(FINDINGS)) == words
    assert headline(by_height(FINDINGS[:1])) == "None of 1 classes is stated."


def test_likely_is_said_from_a_half_on_and_with_how_often_it_held() -> None:
    own = headline([finding("wide", 0.87, 0.2, **{**HELD, "observed_of": "class"})])
    assert own == (
        "**wide** likely: 0.87; of held-out ECGs with a similar output a share of 0.89 had it "
        "(95 % interval 0.80 to 0.94, 72 ECGs)."
    )
    pooled = headline([finding("wide", 0.87, 0.2, **{**HELD, "observed_of": "all"})])
    assert "of held-out statements with a similar output a share of 0.89 was true" in pooled
    assert "72 statements on any class" in pooled


def test_no_probability_is_rounded_to_a_certainty() -> None:
    assert [rounded_said(one) for one in (0.002, 0.3, 0.9999)] == ["< 0.01", "0.30", "> 0.99"]
    assert headline([finding("open", 0.002, 0.2, status="undecided", reason="So.")]) == "Undecided: **open** < 0.01."


def test_a_stated_class_that_what_is_measured_does_not_support_has_a_quiet_line() -> None:
    doubted = finding("far", 0.3, 0.1, unsupported="far: not supported by the measured PR of 169 ms.")
    shown = AppTest.from_function(page, args=(None, [vars(doubted)]), default_timeout=60).run()
    assert not shown.exception, shown.exception
    assert "not supported by the measured PR of 169 ms" in shown.caption[0].value.replace("\\", "")
    assert not any("measured" in one.value for one in shown.markdown)


def test_what_is_open_and_what_is_not_said_is_told_and_stands_last() -> None:
    rare = finding("rare", 0.9, 0.1, support=3, status="not assessed", reason="3 examples are too few.")
    wavering = finding("open", 0.3, 0.2, status="undecided", reason="Its windows disagree.")
    ordered = by_height([rare, wavering, FINDINGS[0]])
    assert [one.name for one in ordered] == ["open", "low", "rare"]
    assert headline(ordered) == "Undecided: **open** 0.30. Not assessed: 1 of 3 classes."


@pytest.mark.parametrize("word", ["diagnos", "detect", "normal ECG", "safe", "rule out", "accuracy"])
def test_words_that_promise_too_much_are_nowhere_on_the_page_of_findings(word: str) -> None:
    sources = [*(ROOT / "pages" / "parts").glob("why*.py"), *(ROOT / "pages" / "parts").glob("findings*")]
    assert [path.name for path in sources if word in path.read_text()] == []


def page(abstained: str | None, findings: list[dict[str, object]], seen: bool = False) -> None:
    from ecgssl_core.inference.prediction import Finding, Gates, Prediction
    from pages.parts.findings import show_findings

    found = tuple(Finding(**one) for one in findings)
    gates = None if abstained else Gates(0.625, 0.375, ((0.75, 0.25), (0.5, 0.5)))
    prediction = Prediction("made", "model", "ab" * 32, 2, (0.0, 1.25), abstained, seen, found, gates, ())
    show_findings(prediction)


def test_the_table_gets_every_digit() -> None:
    shown = AppTest.from_function(page, args=(None, [vars(one) for one in FINDINGS]), default_timeout=60).run()
    assert not shown.exception, shown.exception
    (table,) = shown.get("bidi_component")
    rows = json.loads(table.proto.json)["rows"]
    assert [row["name"] for row in rows] == ["far", "near", "low"]
    assert float(rows[1]["exact"]) == 1 / 3
    assert [row["few"] for row in rows] == [False, True, False]
    assert [row["word"] for row in rows] == ["● possible", "● possible", "○ below"]


def test_a_model_that_abstains_says_why_and_nothing_else() -> None:
    shown = AppTest.from_function(page, args=("Lead [II] is a copy.", []), default_timeout=60).run()
    assert not shown.exception, shown.exception
    assert [warning.value for warning in shown.warning] == ["Lead \\[II\\] is a copy\\."]
    assert not shown.get("bidi_component")


@pytest.mark.parametrize("seen", [True, False])
def test_a_recording_that_the_model_was_trained_on_is_named_so(seen: bool) -> None:
    shown = AppTest.from_function(page, args=(None, [vars(one) for one in FINDINGS], seen), default_timeout=60).run()
    assert not shown.exception, shown.exception
    assert [("trained on this very recording" in info.value) for info in shown.info] == ([True] if seen else [])


def test_a_click_on_a_class_chooses_it_for_the_panels_below() -> None:
    shown = AppTest.from_function(page, args=(None, [vars(one) for one in FINDINGS]), default_timeout=60).run()
    assert shown.session_state["class"] == "code far"
    shown.session_state["class"] = "code low"
    shown.run()
    (table,) = shown.get("bidi_component")
    assert json.loads(table.proto.json)["chosen"] == "code low"


def test_a_class_that_the_model_does_not_know_gives_way_to_the_first() -> None:
    shown = AppTest.from_function(page, args=(None, [vars(one) for one in FINDINGS]), default_timeout=60)
    shown.session_state["class"] = "<script>"
    assert shown.run().session_state["class"] == "code far"
