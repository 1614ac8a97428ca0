"""A stated class against what is measured: the rules by hand, at their limits."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ecgssl_core.inference.measured_against import RULES, against_measured, unsupported_by
from ecgssl_core.inference.prediction import Finding
from ecgssl_core.records import Intervals, Record
from ecgssl_core.records.intervals import NUMBERS
from tests.records.changed import clean_record

AV_BLOCK, FAST, SLOW, LONG_QT, CRBBB, LBBB, LEFT = (
    "270492004", "427084000", "426177001", "111975006", "713427006", "164909002", "39732003",
)  # fmt: skip


def finding(code: str, **more: Any) -> Finding:
    return replace(Finding(code, "it", 0.3, 0.2, True, 50, True, 0.3, 0.3, "positive"), **more)


def measured(**values: float) -> Intervals:
    numbers = {name: values.get(name) for name in NUMBERS}
    return Intervals(**numbers, reasons={}, leads=("I",), beats=np.zeros((0, 1, 3, 3), int))


@pytest.mark.parametrize(
    ("code", "values", "supported"),
    [
        (AV_BLOCK, {"pr_ms": 200.4}, False),
        (AV_BLOCK, {"pr_ms": 201.0}, True),
        (AV_BLOCK, {}, False),
        (FAST, {"heart_rate_per_min": 100.0}, False),
        (FAST, {"heart_rate_per_min": 101.0}, True),
        (SLOW, {"heart_rate_per_min": 60.0}, False),
        (SLOW, {"heart_rate_per_min": 59.0}, True),
        (LONG_QT, {"qtc_bazett_ms": 449.0, "qtc_fridericia_ms": 430.0}, False),
        (LONG_QT, {"qtc_bazett_ms": 450.0, "qtc_fridericia_ms": 430.0}, True),
        (CRBBB, {"qrs_ms": 119.0}, False),
        (CRBBB, {"qrs_ms": 120.0}, True),
        (LBBB, {"qrs_ms": 112.0}, True),
        (LEFT, {"qrs_axis_deg": -25.0}, False),
        (LEFT, {"qrs_axis_deg": -30.0}, True),
    ],
)
def test_a_class_is_supported_from_its_limit_on(code: str, values: dict[str, float], supported: bool) -> None:
    assert (unsupported_by(finding(code), measured(**values), female=False) is None) == supported


def test_a_woman_has_another_limit_of_qt() -> None:
    found = measured(qtc_bazett_ms=455.0, qtc_fridericia_ms=440.0)
    assert unsupported_by(finding(LONG_QT), found, female=False) is None
    sentence = unsupported_by(finding(LONG_QT), found, female=True)
    assert sentence is not None
    assert "QTc Bazett and QTc Fridericia of 455 and 440 ms; it takes at least 460 ms" in sentence


def test_the_sentence_names_class_measure_and_limit_and_no_number_changes() -> None:
    record: Record = clean_record()  # sinus rhythm, PR 169 ms
    before = (finding(AV_BLOCK), finding("426783006"), finding(CRBBB, status="undecided"))
    doubted, *others = against_measured(before, record)
    assert doubted.unsupported == "it: not supported by the measured PR of 169 ms; it takes above 200 ms."
    assert replace(doubted, unsupported=None) == before[0]
    assert tuple(others) == before[1:]


def test_an_angle_is_told_with_its_sign_and_no_blank() -> None:
    sentence = unsupported_by(finding(LEFT), measured(qrs_axis_deg=-25.0), female=False)
    assert sentence == "it: not supported by the measured QRS axis of −25°; it takes at most −30°."


def test_every_rule_names_a_measure_that_there_is() -> None:
    assert all(name in NUMBERS for rule in RULES.values() for name in rule.measures)
