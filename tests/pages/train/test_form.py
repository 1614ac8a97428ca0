"""The form of Train: settings from presets, files, views and runs; what differs; what it will take."""

from pathlib import Path

import pytest

from ecgssl_core.jobs import Pace
from ecgssl_core.runs import list_runs
from ecgssl_core.settings import load_preset, override, preset_names, settings_text
from ecgssl_core.words import parser
from pages.parts.form_start import FORMS
from pages.parts.job_words import Choice, job_settings, job_words
from pages.parts.keys import CHANGED, FOLD, PACK, PRESET, START, TRAIN_WITH
from tests.pages.train.shown import MakeRun, button, fine, found, links, opened, start, told


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
    verb = "pretrain" if load_preset(preset).pretrains else "finetune"
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


@pytest.mark.usefixtures("pack")
def test_what_views_has_left_fills_the_form() -> None:
    chosen = override(load_preset("quick-spectrogram"), ["views.spectrogram.frequency_bins=3", "data.fold=2"])
    page = opened(before={TRAIN_WITH: settings_text(chosen)})
    assert page.selectbox(key=PRESET).value == "quick-spectrogram"
    assert page.selectbox(key=FOLD).value == 2
    assert "--set views.spectrogram.frequency_bins=3" in told(page)
    start(page)
    assert list_runs()[0].settings().views.spectrogram.frequency_bins == 3


@pytest.mark.usefixtures("pack")
def test_settings_in_a_file_are_loaded_once_and_what_is_changed_afterwards_stays() -> None:
    page = opened()
    text = settings_text(override(load_preset("quick-tsg"), ["training.epochs=7"])).replace("quick-tsg", "my-own")
    page.file_uploader(key="train_toml").set_value(("mine.toml", text.encode(), "application/toml"))
    fine(page.run())
    assert page.selectbox(key=PRESET).value == "quick-tsg"
    page.number_input(key="set quick-tsg training.epochs").set_value(9)
    fine(page.run())
    assert "--set training.epochs=9" in told(page)


@pytest.mark.usefixtures("pack")
@pytest.mark.parametrize("text", [b"epochs = [", b"\xff\xfe", b"[training]\nepoch = 3\n", b"[training]\nepochs = -3\n"])
def test_a_file_that_holds_no_settings_is_one_sentence(text: bytes) -> None:
    page = opened()
    page.file_uploader(key="train_toml").set_value(("mine.toml", text, "application/toml"))
    fine(page.run())
    assert len(page.error) == 1
    assert button(page, "Start training")


@pytest.mark.usefixtures("pack")
def test_an_address_fills_preset_pack_and_fold(make_run: MakeRun) -> None:
    make_run("done")
    page = opened(preset="quick-tsg", pack="hearts", fold="3")
    values = [page.selectbox(key=key).value for key in (PRESET, PACK, FOLD)]
    assert values == ["quick-tsg", "hearts", 3]
    odd = opened(preset="nobody", pack="nowhere", fold="77")
    assert odd.selectbox(key=PRESET).value == "quick-time"


@pytest.mark.usefixtures("pack")
def test_the_search_finds_by_name_and_by_description_and_says_what_is_near() -> None:
    page = opened()
    assert "set quick-time distillation.koleo" in [one.key for one in found(page, "koleo").number_input]
    assert "set quick-time optimiser.weight_decay" in [one.key for one in found(page, "decoupled").number_input]
    assert "No setting is called like" in told(found(page, "temprature"))


@pytest.mark.usefixtures("pack")
def test_advanced_settings_come_group_by_group_and_say_how_many_were_changed() -> None:
    page = opened(before={"advanced quick-time": True})
    page.button_group(key="group quick-time").set_value("distillation")
    fine(page.run())
    page.number_input(key="set quick-time distillation.prototypes").set_value(64)
    fine(page.run())
    fine(page.run())
    options = page.button_group(key="group quick-time").options
    assert "Distillation · 1 changed" in options


def test_time_before_launch_comes_from_earlier_runs_with_its_source(pack: Path, make_run: MakeRun) -> None:
    assert "No run of this kind has been measured" in told(opened(start=FORMS[0]))
    run = make_run("done", pack=str(pack))
    for epoch in range(1, 5):
        run.add_metrics({"step": epoch, "epoch": epoch, "seconds": 30.0, "loss": 1.0})
    page = opened(start=FORMS[0])
    assert f"the newest {run.name}" in told(page)
    assert {metric.label for metric in page.metric} == {"Training records", "Epochs", "Steps", "Expected time", "Disk"}


@pytest.mark.usefixtures("pack")
def test_where_nothing_was_measured_steps_are_tried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.parts.before_launch.tried_pace", lambda *_: Pace((0.01,) * 5, 0.0, None, True))
    page = opened()
    page.button(key="train_try").click()
    fine(page.run())
    assert "tried out here on 5 steps" in told(fine(page.run()))


@pytest.mark.usefixtures("pack")
def test_what_would_never_work_is_said_before_the_start() -> None:
    page = opened()
    page.number_input(key="set quick-time training.epochs").set_value(2)
    found(page, "warm-up").number_input(key="set quick-time optimiser.warmup_epochs").set_value(5)
    fine(page.run())
    assert "would never fall" in told(page)
    assert button(page, "Start training").disabled


def test_changes_outlive_a_visit_to_another_page(pack: Path) -> None:
    page = opened()
    page.number_input(key="set quick-time training.epochs").set_value(3)
    fine(page.run())
    page.switch_page("pages/terms.py")
    fine(page.run())
    page.switch_page("pages/train.py")
    fine(page.run())
    assert page.number_input(key="set quick-time training.epochs").value == 3
    assert page.session_state[CHANGED]["quick-time"] == {"training.epochs": 3}
    assert pack.is_dir()


@pytest.mark.usefixtures("pack")
def test_the_form_closes_when_its_run_has_started() -> None:
    page = opened()
    start(page)
    fine(page.run())
    assert not [one for one in page.button if one.label == "Start training"]
    assert page.button_group(key=START).value is None
