"""Why: every panel over a sample, its controls, and what it says of itself."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.card import find_models
from ecgssl_core.inference.deletion import Deletion
from ecgssl_core.inference.explained import Span
from ecgssl_core.inference.prediction import Finding, Gates
from ecgssl_core.signals.lead_sets import LEAD_SETS
from pages.parts.keys import BRUSHED, CLASS, MUTED, PAINTED, UPLOAD
from pages.parts.samples import sample_files
from pages.parts.take import as_csv
from pages.parts.why_attribution import deletion_words
from pages.parts.why_gate import gate_note
from tests.pages.test_inspect import flat

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not find_models(), reason="no model has been released to checkpoints/")


def opened(panel: str, sample: str = "HR00318", **state: Any) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.query_params["why"], page.query_params["sample"] = panel, sample
    for key, value in state.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def words(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.error, page.warning, page.info)
    return "\n".join(str(one.value).replace("\\", "") for kind in kinds for one in kind)


def chart(page: AppTest, part: str) -> dict[str, Any]:
    (found,) = [one for one in page.get("plotly_chart") if part in one.proto.id]
    spec: dict[str, Any] = json.loads(found.proto.spec)
    return spec


def test_only_the_open_panel_is_worked_out() -> None:
    page = opened("Gate")
    assert [one.label for one in page.metric][-2:] == ["Time series", "Spectrogram"]
    assert not [one for one in page.selectbox if one.label == "Lead"]


def test_the_gate_stands_beside_what_happens_when_it_is_forced() -> None:
    page = opened("Gate")
    states = [trace["name"] for trace in chart(page, "forced")["data"] if trace.get("name")]
    assert states == ["threshold", "as gated", "time series alone", "spectrogram alone"]
    assert "agree" in words(page)
    assert not page.error


def test_attribution_gives_figures_a_gap_a_deletion_and_a_caveat() -> None:
    page = opened("Attribution")
    told = words(page)
    assert "not what a disease looks like" in told
    assert "Completeness gap" in told
    assert "without the most attributed tenth" in told
    assert len(chart(page, "leaned leads")["data"][0]["y"]) == 12
    page.selectbox(key="leaned lead").set_value("V1").run()
    assert "V1: spectrogram" in json.dumps(chart(page, "leaned lead map"))


def test_another_class_gives_another_map() -> None:
    page = opened("Attribution")
    before = chart(page, "leaned leads")["data"][0]["x"]
    page.selectbox(key=CLASS).set_value("426783006").run()
    assert not page.exception, page.exception
    assert chart(page, "leaned leads")["data"][0]["x"] != before


def test_the_map_can_be_laid_on_the_paper() -> None:
    page = opened("Attribution")
    page.toggle(key=PAINTED).set_value(True).run()
    assert not page.exception, page.exception
    assert any("spoke for atrial fibrillation" in one.proto.json for one in page.get("bidi_component"))
    page.toggle(key=PAINTED).set_value(False).run()
    assert not any("spoke for" in one.proto.json for one in page.get("bidi_component"))


def test_a_lead_can_be_muted_and_given_back() -> None:
    page = opened("Muting")
    assert not page.get("plotly_chart")
    page.selectbox(key="mute lead").set_value("V1").run()
    page.button(key="mute").click().run()
    assert "0.647" in page.metric[-1].delta
    assert [trace["name"] for trace in chart(page, "muted")["data"] if trace.get("name")][1:] == ["as it is", "muted"]
    page.button(key="unmute 0").click().run()
    assert not page.get("plotly_chart")
    assert not page.exception, page.exception


def test_all_that_was_muted_is_given_back_at_once() -> None:
    page = opened("Muting")
    page.number_input(key="mute to").set_value(2.0).run()
    page.button(key="mute").click().run()
    page.number_input(key="mute from").set_value(1.0).run()
    page.button(key="mute").click().run()
    (spans,) = page.session_state[MUTED].values()
    assert spans == [Span("I", 0.0, 2.0), Span("I", 1.0, 2.0)]
    page.button(key="unmute").click().run()
    assert list(page.session_state[MUTED].values()) == [[]]


def test_what_is_brushed_on_the_paper_is_muted_at_once() -> None:
    page = opened("Muting", **{BRUSHED: Span("II", 4.0, 3.0)})
    assert list(page.session_state[MUTED].values()) == [[Span("II", 3.0, 4.0)]]
    assert page.button(key="unmute 0").label == "lead II 3\\.00 to 4\\.00 s".replace("\\", "")


def test_fewer_leads_are_marked_as_not_tested() -> None:
    page = opened("Leads")
    slider = page.select_slider(key="leads given")
    assert list(slider.options) == [name for name, _ in LEAD_SETS]
    assert "with which the model was scored" in words(page)
    slider.set_value("2 leads").run()
    assert "I, II: the model was not made for these leads" in words(page)
    assert set(page.dataframe[-1].value["Output"]) == {"not tested"}
    page.pills[0].set_value(["chest"]).run()
    assert page.select_slider(key="leads given").options[-1] == "chest leads"


def test_windows_have_a_line_and_a_list() -> None:
    page = opened("Windows")
    assert len(page.dataframe[-1].value) == 7
    assert len(chart(page, "timeline")["data"]) == 3
    page.multiselect(key="timeline classes").set_value([]).run()
    assert "Choose a class" in words(page)


def test_without_a_pack_similar_leads_to_corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    assert "There is no pack" in words(opened("Similar"))


def finding(code: str, probability: float) -> Finding:
    return Finding(code, code, probability, 0.5, probability >= 0.5, 50, True, 0.0, 1.0, "positive")


@pytest.mark.parametrize(
    ("time", "image", "told"),
    [(0.2, 0.9, "agree: the output moves less"), (0.9, 0.8, "disagree"), (0.9, 0.9, "decide little")],
)
def test_gate_and_outcome_are_compared(time: float, image: float, told: str) -> None:
    # the gate leans on the spectrogram; as gated, the class has 0.9
    forced = {"time": (finding("a", time),), "spectrogram": (finding("a", image),)}
    assert told in gate_note(Gates(0.3, 0.7, ()), [finding("a", 0.9)], forced)


def test_what_crosses_its_threshold_is_named() -> None:
    forced = {"time": (finding("a", 0.2),), "spectrogram": (finding("a", 0.9),)}
    note = gate_note(Gates(0.3, 0.7, ()), [finding("a", 0.9)], forced)
    assert note.endswith("With the time series alone, these cross their thresholds: a 0.90 → 0.20.")


def test_a_map_that_fails_its_deletion_says_so() -> None:
    assert "passes" in deletion_words(Deletion(0.9, 0.2, (0.8, 0.7)))
    assert "fails here" in deletion_words(Deletion(0.9, 0.8, (0.5, 0.7)))


def test_a_head_named_by_a_stranger_runs_no_formula() -> None:
    assert as_csv([{"begins, s": 1.0, "=cmd()": 0.5}]).splitlines() == ['"begins, s",\'=cmd()', "1.0,0.5"]


def test_a_table_to_take_away_runs_no_formula() -> None:
    assert as_csv([{"class": "=1+1", "p": 0.25}]) == "class,p\n'=1+1,0.25\n"


def test_a_record_predicted_against_the_rules_can_be_muted() -> None:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.query_params["why"] = "Muting"
    page.run()
    page.file_uploader(key=UPLOAD).set_value([(name, data, "") for name, data in flat(sample_files("HR00009")).items()])
    page.run()
    (switch,) = [one for one in page.toggle if one.label == "Predict anyway"]
    switch.set_value(True).run()
    page.button(key="mute").click().run()
    assert not page.exception, page.exception
    assert chart(page, "muted")["data"]
