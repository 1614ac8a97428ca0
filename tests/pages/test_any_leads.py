"""Inspect beside a model that reads any leads: it is offered, it is asked with fewer, and it says how well it does."""

import json
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.card import find_models, named_model, reads_fewer
from ecgssl_core.inference.explained import FiguresOfSet
from ecgssl_core.signals.leads import LEADS
from pages.parts.keys import MODEL
from pages.parts.why_leads import how_well
from tests.pages.test_why import opened, words

pytestmark = pytest.mark.skipif(not find_models(), reason="no model has been released to checkpoints/")
ENDS = {"value": 0.8, "low": 0.75, "high": 0.85}


def one_set(name: str, leads: tuple[str, ...], value: float, verdict: str) -> dict[str, object]:
    less = {"auroc": {"value": value - 0.8, "low": -0.1, "high": -0.02}} if verdict else None
    figures = {"auroc": {**ENDS, "value": value}, "auprc": ENDS, "less": less, "verdict": verdict}
    return {"name": name, "leads": leads, "records": 804, "classes_counted": 18, **figures, "per_class": []}


@pytest.fixture
def any_leads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The released model as one that reads fewer leads, among the imported ones."""
    (released,) = [path for path in find_models() if path.name == "ssl-tsg-cinc2020"]
    folder = tmp_path / "models" / "any-leads"
    shutil.copytree(released, folder)
    tree = json.loads((folder / "model.json").read_text())
    tree["name"], tree["input"]["fewer_leads"] = "any-leads", True
    tree["tested"] = [one_set("12 leads", LEADS, 0.8, ""), one_set("lead I", ("I",), 0.7, "lower")]
    (folder / "model.json").write_text(json.dumps(tree))
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    return folder.name


def asked(page: AppTest) -> str:
    (control,) = [one for one in page.get("button_group") if one.key == "leads model"]
    return str(control.value)


def test_the_slider_asks_the_model_that_reads_any_leads_and_says_what_it_was_tested_with(any_leads: str) -> None:
    assert reads_fewer() == any_leads
    page = opened("Leads", **{MODEL: "ssl-tsg-cinc2020"})
    assert asked(page) == any_leads
    slider = page.select_slider(key="leads given")
    slider.set_value("lead I").run()
    told = words(page)
    assert "I. Tested with these leads on 804 held-out records: macro AUROC 0.700 [0.750, 0.850]; lower" in told
    assert set(page.dataframe[-1].value["Output"]) != {"not tested"}
    slider.set_value("lead II").run()
    assert "never tested with them" in words(page)
    assert set(page.dataframe[-1].value["Output"]) == {"not tested"}


@pytest.mark.usefixtures("any_leads")
def test_a_model_that_reads_any_leads_needs_no_other_in_its_panel() -> None:
    page = opened("Leads", **{MODEL: "any-leads"})
    assert not [one for one in page.get("button_group") if one.key == "leads model"]
    assert named_model("any-leads").name == "any-leads"


def test_what_the_verdict_of_a_set_means_stands_in_words() -> None:
    ends = (0.7, 0.65, 0.75, 100)
    assert how_well(FiguresOfSet(*ends, "")).endswith("[0.650, 0.750].")
    assert "these records cannot tell" in how_well(FiguresOfSet(*ends, "open"))
    assert "equal within 0.01 of that with all" in how_well(FiguresOfSet(*ends, "equal within 0.01"))
