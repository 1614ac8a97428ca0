"""The Train page: with nothing, with a pack to train on, with runs in every state, and with damaged ones."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from ecgssl_core.corpus.folds import make_folds
from ecgssl_core.corpus.pack import COLUMNS, MANIFEST, REFUSED, SIGNALS, TABLE, open_pack
from ecgssl_core.jobs.places import only_worker
from ecgssl_core.runs import RunDir, Stage, create_run, list_runs
from ecgssl_core.settings import load_preset, override, preset_names
from ecgssl_core.words import parser
from pages.parts.form_start import FORMS
from pages.parts.job_words import Choice, job_settings, job_words
from pages.parts.keys import FOLD, PRESET

APP = Path(__file__).parents[2] / "app.py"
MakeRun = Callable[..., RunDir]


class Shown(PagesManager):
    """The pages of a server that has run app.py; AppTest forgets that at each run, and with it what was pressed."""


@pytest.fixture(autouse=True)
def server_has_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.testing.v1.app_test.PagesManager", Shown)
    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    with only_worker(tmp_path):  # what is submitted waits: no training begins
        yield tmp_path


@pytest.fixture
def pack(data: Path) -> Path:
    folder = data / "packs" / "hearts"
    folder.mkdir(parents=True)
    known = {
        "source": "one",
        "file_rate_hz": 500.0,
        "samples": 4,
        "scale_mv": 0.001,
        "codes": "[]",
        "unknown_codes": "[]",
    }
    rows = [{**known, "key": f"r{place}", "patient": f"p{place}", "sha256": f"h{place}"} for place in range(12)]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).assign(patient_known=True)
    table["start"] = table["samples"].cumsum() - table["samples"]
    table.astype(COLUMNS).to_parquet(folder / TABLE, index=False)
    np.save(folder / SIGNALS, np.zeros((48, 12), dtype=np.int16))
    (folder / REFUSED).write_text("key,kind,sentence\n")
    (folder / MANIFEST).write_text(json.dumps({"form": 1, "rate_hz": 100.0, "digest": "d", "source": "made"}))
    make_folds(open_pack(folder), 4)
    return folder


@pytest.fixture
def make_run(data: Path) -> MakeRun:
    def make(state: Stage, preset: str = "quick-time", reason: str = "", fold: int = 0, pack: str = "") -> RunDir:
        settings = load_preset(preset)
        part = settings.data.model_copy(update={"fold": fold, "pack": pack})
        run = create_run(settings.model_copy(update={"data": part}), data, ["pretrain", "pack"])
        run.write_state(state, step=50, steps=200, epoch=5, epochs=20, reason=reason)
        return run

    return make


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=120)
    page.switch_page("pages/train.py")
    for key, value in address.items():
        page.query_params[key] = value
    return fine(page.run())


def fine(page: AppTest) -> AppTest:
    assert not page.exception, page.exception
    return page


def told(page: AppTest) -> str:
    kinds = (page.info, page.error, page.warning, page.caption, page.code, page.markdown)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def links(page: AppTest) -> list[str]:
    return [link.proto.label for link in page.get("page_link")]


@pytest.mark.usefixtures("data")
def test_without_a_pack_the_way_to_one_is_offered() -> None:
    page = opened()
    assert "There is no pack to train on yet" in told(page)
    assert "No training has been started yet" in told(page)
    assert "Make a pack" in links(page)


def test_a_pack_without_folds_says_so_and_leads_on(pack: Path) -> None:
    (pack / "folds.csv").unlink()
    page = opened()
    assert "has no folds yet" in told(page)
    assert "Look at the pack" in links(page)


@pytest.mark.parametrize("preset", preset_names())
def test_starting_without_a_change_sends_the_preset_alone(pack: Path, preset: str) -> None:
    page = opened()
    page.selectbox(key=PRESET).select(preset)
    fine(page.run())
    page.selectbox(key=FOLD).select(2)
    fine(page.run())
    start(page)
    verb = "pretrain" if load_preset(preset).method == "self_distillation" else "finetune"
    (run,) = list_runs()
    assert run.words() == [verb, str(pack), "--preset", preset, "--fold", "2"]
    assert run.state().state == "queued"


def test_only_what_differs_from_the_preset_is_sent_and_kept(pack: Path) -> None:
    page = opened()
    page.number_input(key="set quick-time training.epochs").set_value(3)
    page.selectbox(key="set quick-time training.device").select("cpu")
    found(page, "strongest noise").number_input(key="set quick-time views.time.noise_high_mv").set_value(0.05)
    fine(page.run())
    found(page, "lead masking").toggle(key="set quick-time views.lead_masking").set_value(False)
    fine(page.run())
    found(page, "")  # what is not shown any more is kept
    assert "--set views.time.noise_high_mv=0.05" in told(page)
    assert "python -m ecgssl_core pretrain" in told(page)
    start(page)
    (run,) = list_runs()
    changes = ["training.epochs=3", "views.lead_masking=false", "views.time.noise_high_mv=0.05"]
    changes += ['training.device="cpu"']
    words = run.words()
    assert sorted(words[words.index("--set") + 1 :: 2]) == sorted(changes)
    assert run.settings().views.time.noise_high_mv == 0.05
    assert run.settings().data.pack == str(pack)
    assert run.name in told(page)


@pytest.mark.usefixtures("pack")
def test_settings_that_do_not_fit_together_are_one_sentence() -> None:
    page = opened()
    found(page, "cutout_low").number_input(key="set quick-time views.time.cutout_low").set_value(0.8)
    fine(page.run())
    assert "cutout\\_low is 0\\.8" in told(page)
    assert button(page, "Start training").disabled
    button(page, "Back to the preset").click()
    fine(page.run())
    assert not button(page, "Start training").disabled
    assert list_runs() == []


def test_finished_pretrainings_of_the_fold_are_offered_as_encoders(pack: Path, make_run: MakeRun) -> None:
    right = make_run("done", fold=0, pack=str(pack))
    make_run("done", fold=1, pack=str(pack))
    make_run("failed", fold=0, pack=str(pack))
    page = opened(start=FORMS[0])
    page.selectbox(key=PRESET).select("quick-tsg")
    fine(page.run())
    encoders = page.multiselect(key="train_encoders")
    assert encoders.options == [f"time: {right.name}"]
    encoders.select(encoders.options[0])
    fine(page.run())
    start(page)
    assert list_runs()[0].words()[-2:] == ["--from", right.name]
    assert list_runs()[0].settings().arm == "SSL-TSG"


def test_the_words_mean_to_the_command_line_what_the_run_was_made_with(pack: Path) -> None:
    values = {"training.epochs": 3, "views.time.cutout": False, "optimiser.final_rate": 1e-7}
    choice = Choice("quick-time", pack, 1, (pack.with_name("a b"), pack.with_name("c")), (), values)
    asked = parser().parse_args([*job_words(choice), "--run", "name"])
    settings = job_settings(choice)
    assert override(load_preset(asked.preset), asked.changes).training == settings.training
    assert override(load_preset(asked.preset), asked.changes).views == settings.views
    assert (asked.fold, str(asked.pack)) == (settings.data.fold, settings.data.pack)
    assert tuple(map(str, asked.unlabelled)) == settings.data.unlabelled
    tuned = Choice("quick-tsg", pack, 1, (), ("one", "two"), {"classifier.modalities": ("time",)})
    asked = parser().parse_args(job_words(tuned))
    assert tuple(asked.encoders) == job_settings(tuned).data.encoders
    assert override(load_preset(asked.preset), asked.changes).classifier == job_settings(tuned).classifier


def test_a_running_job_shows_its_progress_and_can_be_cancelled(make_run: MakeRun) -> None:
    run = make_run("queued")
    with run.hold():
        run.write_state("running", step=50, steps=200, epoch=5, epochs=20)
        page = opened()
        (bar,) = page.get("progress")
        assert (bar.proto.value, bar.proto.text) == (25, "Epoch 5 of 20 done")
        page.button(key=f"cancel {run.name}").click()
        fine(page.run())
        assert run.stop_asked()
        assert page.button(key=f"cancel {run.name}").disabled


def test_a_waiting_job_is_cancelled_and_put_back(make_run: MakeRun) -> None:
    run = make_run("queued")
    page = opened()
    page.button(key=f"cancel {run.name}").click()
    fine(page.run())
    assert run.state().state == "cancelled"
    page.button(key=f"resume {run.name}").click()
    fine(page.run())
    assert run.state().state == "queued"


def test_each_ended_run_says_how_it_ended(make_run: MakeRun) -> None:
    make_run("failed", reason="The loss is no number after epoch 3.")
    make_run("running")  # nobody holds it
    make_run("cancelled")
    make_run("done", "quick-tsg")
    page = opened()
    assert "The loss became no number" in told(page)
    assert "The loss is no number after epoch 3" in told(page)
    assert "Its process is gone" in told(page)
    assert "after epoch 5 of 20" in told(page)
    assert len([button for button in page.button if button.label == "Resume"]) == 3
    assert "Results" in links(page)


def test_an_address_opens_a_run_with_curves_and_log(make_run: MakeRun) -> None:
    run = make_run("done")
    make_run("done")
    for step in (10, 20):
        run.add_metrics({"step": step, "epoch": step // 10, "split": "train", "loss": 1 / step, "rate": 0.001})
    run.log.write_text("Reading the pack.\n")
    page = opened(run=run.name)
    assert len(page.get("plotly_chart")) == 2
    page.segmented_control(key=f"tab {run.name}").set_value("Log")
    assert "Reading the pack." in told(fine(page.run()))
    page.segmented_control(key=f"tab {run.name}").set_value("Settings")
    assert "Exactly the preset" in told(fine(page.run()))
    assert len(opened().get("plotly_chart")) == 0


def test_damaged_runs_are_sentences_and_torn_metrics_are_read_to_the_tear(make_run: MakeRun) -> None:
    damaged, torn = make_run("done"), make_run("done")
    (damaged.path / "state.json").write_text('{"sta')
    torn.add_metrics({"step": 1, "loss": 2.0})
    with (torn.path / "metrics.jsonl").open("a") as file:
        file.write('{"step": 2, "lo')
    page = opened(run=torn.name)
    assert "has a damaged state" in told(page)
    assert damaged.name.split("_")[-1] in told(page)
    assert len(page.get("plotly_chart")) == 1


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("name", ["nobody", "../../etc", "a/b"])
def test_an_address_that_leads_nowhere_is_one_sentence(name: str) -> None:
    assert "run" in opened(run=name).error[0].value


def test_many_runs_are_shown_a_few_at_a_time(make_run: MakeRun) -> None:
    for _ in range(10):
        make_run("done")
    page = opened()
    assert told(page).count("pretrain-time · fold 0") == 8
    page.button(key="train_more").click()
    fine(page.run())
    fine(page.run())
    assert told(page).count("pretrain-time · fold 0") == 10


def start(page: AppTest) -> None:
    button(page, "Start training").click()
    fine(page.run())


def button(page: AppTest, label: str) -> Any:
    (one,) = [one for one in page.button if one.label == label]
    return one


def found(page: AppTest, words: str) -> AppTest:
    """The page after words were typed into the search for a setting."""
    page.text_input(key="find quick-time").set_value(words)
    return fine(page.run())
