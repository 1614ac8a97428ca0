"""Sweeps on Train: forms that do what the command line does, and one card for all of their runs."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.cli import sweeps
from ecgssl_core.jobs.places import at_once
from ecgssl_core.jobs.plan import Asked
from ecgssl_core.runs import RunDir, data_root, list_runs, open_run, open_sweep, sweep_names
from ecgssl_core.words import parser
from pages.parts.form_start import FORMS
from pages.parts.sweep_words import SweepChoice, sweep_words
from tests.pages.train.shown import button, fine, opened, told

FEW = {"sweep_arms": ["T", "SSL-T"], "sweep_folds": [0, 2]}


@pytest.fixture
def begun(pack: Path) -> AppTest:
    page = opened(before=FEW, start=FORMS[1])
    page.text_input(key="sweep_name").set_value("mine")
    fine(page.run())
    page.button(key="sweep_start").click()
    fine(page.run())
    assert pack.is_dir()
    return fine(page.run())


def runs_of(name: str) -> dict[str, RunDir]:
    return {part: open_run(run) for part, run in open_sweep(name).runs().items()}


def test_a_cross_validation_is_planned_and_put_into_the_queue(begun: AppTest) -> None:
    assert sweep_names() == ["mine"]
    assert {run.state().state for run in runs_of("mine").values()} == {"queued"}
    assert len(list_runs()) == 2 * 3
    assert at_once(data_root()) == 1
    assert "6 queued" in told(begun)
    (bar,) = begun.get("progress")
    assert bar.proto.text == "0 of 6 runs done"


def test_its_card_cancels_and_resumes_all(begun: AppTest) -> None:
    begun.button(key="cancel mine").click()
    fine(begun.run())
    assert {run.state().state for run in runs_of("mine").values()} == {"cancelled"}
    begun.button(key="resume mine").click()
    fine(begun.run())
    assert {run.state().state for run in runs_of("mine").values()} == {"queued"}


def test_its_card_tells_causes_once_and_shows_its_runs(begun: AppTest) -> None:
    for run in runs_of("mine").values():
        run.write_state("failed", reason="The loss is no number after epoch 3.")
    page = opened(sweep="mine")
    assert len([one for one in page.error if "became no number" in one.value]) == 1
    assert "and 5 more" in page.error[0].value
    table = page.dataframe[0].value
    assert list(table["state"]) == ["failed"] * 6
    assert begun.get("progress")


def test_an_ablation_counts_its_runs_before_it_starts(pack: Path) -> None:
    page = opened(before={"sweep_folds": [0]}, start=FORMS[2])
    assert button(page, "Start 16 runs")  # two modalities, four columns, each pretrained and fine-tuned
    page.toggle(key="sweep_masking").set_value(True)
    fine(page.run())
    assert button(page, "Start 20 runs")
    page.button_group(key="sweep_modalities").set_value(["time"])
    fine(page.run())
    assert button(page, "Start 10 runs")
    assert f"ablate {pack}" in told(page)


@pytest.mark.usefixtures("pack")
@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [("sweep_seeds", "a, b", "Seeds are whole numbers"), ("sweep_folds", [], "The sweep is empty")],
)
def test_what_cannot_be_planned_is_one_sentence(key: str, value: Any, sentence: str) -> None:
    page = opened(before={**FEW, key: value}, start=FORMS[1])
    assert sentence in told(page)
    assert not [one for one in page.button if one.label.startswith("Start ")]


def test_the_words_mean_to_the_command_line_what_the_page_asks(pack: Path) -> None:
    asked = Asked(
        pack,
        folds=(0, 2),
        seeds=(0, 3),
        shares=(0.1, 1.0),
        unlabelled=(pack.with_name("a b"),),
        changes=("training.epochs=3", "optimiser.rate=1e-3"),
        pretrain_changes=("training.epochs=2",),
        choose="optimiser.rate=1e-3,5e-3",
        pretrain_seed=0,
    )
    choice = SweepChoice("crossval", asked, ("T", "SSL-T"), name="mine", hands=2)
    told = parser().parse_args(sweep_words(choice))
    assert sweeps.asked_of(told) == asked
    assert (told.arms, told.name, told.at_once) == (("T", "SSL-T"), "mine", 2)
    ablation = SweepChoice("ablate", Asked(pack, (1,), (0,)), modalities=("time",), masking=True)
    told = parser().parse_args(sweep_words(ablation))
    assert sweeps.asked_of(told) == ablation.asked
    assert (told.modalities, told.lead_masking) == (("time",), True)


def test_a_damaged_sweep_is_one_sentence_and_its_runs_are_cards(begun: AppTest) -> None:
    (data_root() / "sweeps" / "mine" / "sweep.json").write_text("{")
    page = opened()
    assert "is damaged" in page.error[0].value
    assert told(page).count("· fold") == 6
    assert begun.button
