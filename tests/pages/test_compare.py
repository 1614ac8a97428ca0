"""The Compare page: samples, uploads, broken uploads, and how two predictions are set against each other."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.prediction import Finding, Prediction
from pages.parts.differences import differences
from pages.parts.samples import sample_files

ROOT = Path(__file__).parents[2]


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for key, value in address.items():
        page.query_params[key] = value
    page.switch_page("pages/compare.py").run()
    assert not page.exception, page.exception
    return page


def told(page: AppTest) -> str:
    kinds = (page.subheader, page.markdown, page.caption, page.error, page.warning, page.info)
    return "\n".join(str(element.value).replace("\\", "") for kind in kinds for element in kind)


def sheet(page: AppTest) -> dict[str, Any]:
    """What the canvas is asked to draw."""
    (canvas,) = [found for found in page.get("bidi_component") if "strips" in found.proto.json]
    return json.loads(canvas.proto.json)["sheet"]


def prediction(*probabilities: float, abstained: str | None = None) -> Prediction:
    findings = tuple(
        Finding(str(place), f"class {place}", value, 0.5, value >= 0.5, 20, True, value, value)
        for place, value in enumerate(probabilities)
    )
    return Prediction("made", "model", "0" * 64, 1, (0.0,), abstained, False, findings, None, ())


def test_two_samples_lie_over_each_other_beat_on_beat() -> None:
    page = opened()
    text = told(page)
    assert "HR00009" in text
    assert "HR00318" in text
    assert "beats at" in text
    drawn = sheet(page)
    assert len(drawn["labels"]) == 12
    assert [strip["ink"] for strip in drawn["strips"]] == [0, 1] * 12
    assert drawn["scale"] == "50 mm/s · 10 mm/mV"


def test_they_can_begin_together_instead() -> None:
    drawn = sheet(opened(align="start", overlay_gain="5"))
    assert drawn["scale"] == "25 mm/s · 5 mm/mV · HALF GAIN"
    assert {strip["x"] for strip in drawn["strips"]} == {drawn["strips"][0]["x"]}


def test_an_upload_takes_the_place_of_a_sample() -> None:
    page = opened()
    files = [(name, content, "") for name, content in sample_files("HR00180").items()]
    page.file_uploader(key="first upload").set_value(files).run()
    assert not page.exception, page.exception
    assert "HR00180" in told(page)
    assert "HR00009" not in told(page)


def test_a_broken_upload_is_one_sentence_and_the_page_stays_usable() -> None:
    page = opened()
    page.file_uploader(key="second upload").set_value([("notes.hea", b"not a header", "")]).run()
    assert not page.exception, page.exception
    assert len(page.error) == 1
    assert "Two records are needed" in told(page)
    page.file_uploader(key="second upload").set_value([]).run()
    assert "beats at" in told(page)


def test_the_largest_difference_comes_first_and_says_who_reaches_the_threshold() -> None:
    table = differences(prediction(0.2, 0.9, 0.6), prediction(0.25, 0.4, 0.8))
    assert table["class"].tolist() == ["class 1", "class 2", "class 0"]
    assert table["difference"].tolist() == pytest.approx([-0.5, 0.2, 0.05])
    assert table["reached"].tolist() == ["first", "both", "neither"]
