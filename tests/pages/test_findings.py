"""The table of findings, and the gates beside it."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.prediction import Finding
from pages.parts.findings import sort_findings, summary


def finding(name: str, probability: float, threshold: float, support: int = 50) -> Finding:
    reached = probability >= threshold
    return Finding(f"code {name}", name, probability, threshold, reached, support, True, probability / 2, probability)


FINDINGS = (finding("low", 0.1, 0.5), finding("far", 0.3, 0.1), finding("near", 1 / 3, 0.3, support=4))


def test_the_class_farthest_above_its_threshold_comes_first() -> None:
    assert [one.name for one in sort_findings(FINDINGS)] == ["far", "near", "low"]


def test_a_threshold_of_zero_does_no_harm() -> None:
    assert sort_findings((FINDINGS[0], finding("zero", 0.1, 0.0)))[0].name == "zero"


def test_one_line_says_which_classes_reach_their_thresholds() -> None:
    assert summary(sort_findings(FINDINGS)) == "2 of 3 classes reach their thresholds: **far** 0.30, **near** 0.33."
    assert summary(sort_findings(FINDINGS[:2])) == "1 of 2 classes reaches its threshold: **far** 0.30."
    assert summary(sort_findings(FINDINGS[:1])) == "None of 1 classes reaches its threshold."


def page(abstained: str | None, findings: list[dict[str, object]], seen: bool = False) -> None:
    from ecgssl_core.inference.prediction import Finding, Gates, Prediction
    from pages.parts.findings import show_findings
    from pages.parts.gates import show_gates

    found = tuple(Finding(**one) for one in findings)
    gates = None if abstained else Gates(0.625, 0.375, ((0.75, 0.25), (0.5, 0.5)))
    prediction = Prediction("made", "model", "ab" * 32, 2, (0.0, 1.25), abstained, seen, found, gates, ())
    show_findings(prediction)
    show_gates(prediction, 2.5)


def test_the_table_gets_every_digit() -> None:
    shown = AppTest.from_function(page, args=(None, [vars(one) for one in FINDINGS]), default_timeout=60).run()
    assert not shown.exception, shown.exception
    (table,) = shown.get("bidi_component")
    rows = json.loads(table.proto.json)["rows"]
    assert [row["name"] for row in rows] == ["far", "near", "low"]
    assert float(rows[1]["exact"]) == 1 / 3
    assert [row["few"] for row in rows] == [False, True, False]
    assert [metric.value for metric in shown.metric] == ["0.62", "0.38"]


def test_a_model_that_abstains_says_why_and_nothing_else() -> None:
    shown = AppTest.from_function(page, args=("Lead [II] is a copy.", []), default_timeout=60).run()
    assert not shown.exception, shown.exception
    assert [warning.value for warning in shown.warning] == ["Lead \\[II\\] is a copy\\."]
    assert not shown.get("bidi_component")
    assert not shown.metric


@pytest.mark.parametrize("seen", [True, False])
def test_a_recording_that_the_model_was_trained_on_is_named_so(seen: bool) -> None:
    shown = AppTest.from_function(page, args=(None, [vars(one) for one in FINDINGS], seen), default_timeout=60).run()
    assert not shown.exception, shown.exception
    assert [("trained on this very recording" in info.value) for info in shown.info] == ([True] if seen else [])
