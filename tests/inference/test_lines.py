"""What `predict` prints as text: the words of Inspect, and why a class is open."""

from typing import Any

from ecgssl_core.inference.prediction import Finding, Prediction, Status
from ecgssl_core.inference.read import lines_of


def finding(name: str, probability: float, status: Status, **more: Any) -> Finding:
    return Finding(name, name, probability, 0.22, probability >= 0.22, 40, True, 0.0, 1.0, status, **more)


def printed(*findings: Finding, seen: bool = False) -> list[str]:
    said = Prediction("made", "model", "0" * 64, 2, (0.0, 1.0), None, seen, findings, None, ())
    return list(lines_of({"records": [said.as_json()], "refused": [], "note": "So."}))


def test_each_class_has_its_word_and_an_open_one_its_reason() -> None:
    _, *lines, _ = printed(
        finding("few", 0.9, "not assessed", reason="Not assessed: 3 examples in training are too few."),
        finding("wide", 0.8, "positive"),
        finding("long", 0.3, "positive", unsupported="long: not supported by the measured PR of 169 ms."),
        finding("open", 0.25, "undecided", reason="Undecided: between 14% and 85%."),
        finding("none", 0.01, "negative"),
    )
    assert lines == [
        "  likely        0.800 (threshold 0.220, 40 in training)  wide",
        "  possible      0.300 (threshold 0.220, 40 in training)  long",
        "  undecided     0.250 (threshold 0.220, 40 in training)  open. Undecided: between 14% and 85%.",
        "  below         0.010 (threshold 0.220, 40 in training)  none",
        "  not assessed  few. Not assessed: 3 examples in training are too few.",
        "  note: long: not supported by the measured PR of 169 ms.",
    ]


def test_a_recording_that_the_model_was_trained_on_is_named_so() -> None:
    assert any("trained on this very recording" in line for line in printed(finding("a", 0.3, "positive"), seen=True))
    assert not any("trained on" in line for line in printed(finding("a", 0.3, "positive")))
