"""The runs of Train: in every state, damaged, compared, with notes, deleted and brought back."""

import shutil
import time

import pytest

from ecgssl_core.runs import Remarks, RunDir, list_runs, read_remarks
from pages.parts.keys import FOLD, PRESET
from tests.pages.train.shown import MakeRun, fine, links, opened, told


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


@pytest.mark.parametrize(("silence", "said"), [(100, False), (400, True)])
def test_a_long_silence_is_told_without_alarm(silence: int, said: bool, make_run: MakeRun) -> None:
    run = make_run("queued")
    with run.hold():
        run.write_state("running", step=50, steps=200, epoch=5, epochs=20)
        (run.path / "heartbeat").write_text(str(time.monotonic() - silence))
        page = opened()
    assert any("the machine may be busy" in info.value for info in page.info) == said
    assert not page.warning


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


def test_a_run_that_waits_says_how_many_are_before_it(make_run: MakeRun) -> None:
    for _ in range(4):
        make_run("queued")
    text = told(opened())
    assert all(f"{place} in the queue" in text for place in ("next", "second", "third", "number 4"))


def test_a_failed_run_says_which_cause_it_was_and_what_to_do(make_run: MakeRun) -> None:
    make_run("failed", reason="cinc2020 is no pack: it has no pack.json.")
    page = opened()
    assert "**The pack is gone or damaged.** Bring it back" in page.error[0].value
    assert "It had come to epoch 5 of 20" in page.error[0].value


@pytest.mark.usefixtures("pack")
def test_a_clone_opens_the_form_with_the_settings_of_its_run(make_run: MakeRun) -> None:
    run = make_run("done", "quick-tsg", fold=3)
    page = opened()
    page.button(key=f"clone {run.name}").click()
    fine(page.run())
    assert page.selectbox(key=PRESET).value == "quick-tsg"
    assert page.selectbox(key=FOLD).value == 3


def test_two_runs_are_compared_by_curves_and_by_the_settings_that_differ(make_run: MakeRun) -> None:
    runs = [make_run("done", fold=0), make_run("done", fold=1)]
    for run in runs:
        run.add_metrics({"step": 1, "epoch": 1, "loss": 2.0, "rate": 1e-3})
    page = opened()
    page.checkbox(key=f"compare {runs[0].name}").check()
    fine(page.run())
    assert "Choose a second run" in told(page)
    page.checkbox(key=f"compare {runs[1].name}").check()
    fine(page.run())
    table = page.dataframe[0].value
    assert list(table["setting"]) == ["run", "preset", "state", "data.fold"]
    assert list(table.iloc[-1][["A", "B"]]) == ["0", "1"]
    assert len(page.get("plotly_chart")) == 2
    page.button(key="compare_clear").click()
    assert len(fine(page.run()).dataframe) == 0
    linked = opened(compare=",".join(run.name for run in runs))
    assert len(linked.dataframe) == 1


def test_a_note_and_tags_are_kept_and_found(make_run: MakeRun) -> None:
    run, _ = make_run("done"), make_run("done", fold=1)
    page = opened(before={f"more {run.name}": True})
    page.text_area(key=f"note {run.name}").set_value("too *fast*")
    page.text_input(key=f"tags {run.name}").set_value("paper, first")
    page.button(key=f"save {run.name}").click()
    fine(page.run())
    assert read_remarks(run) == Remarks("too *fast*", ("paper", "first"))
    page.text_input(key="find").set_value("PAPER fold")
    fine(page.run())
    assert told(page).count("· fold") == 1
    assert "too \\*fast\\*" in told(page)


def test_a_run_is_deleted_only_when_sure_and_can_be_brought_back(make_run: MakeRun) -> None:
    run = make_run("done")
    page = opened(before={f"more {run.name}": True})
    assert page.button(key=f"delete {run.name}").disabled
    page.checkbox(key=f"sure {run.name}").check()
    fine(page.run())
    page.button(key=f"delete {run.name}").click()
    fine(page.run())
    fine(page.run())
    assert list_runs() == []
    page.button(key=f"restore {run.name}").click()
    fine(page.run())
    assert [one.name for one in list_runs()] == [run.name]


def test_a_run_that_works_offers_no_delete(make_run: MakeRun) -> None:
    run = make_run("queued")
    page = opened(before={f"more {run.name}": True})
    assert "cancel it first" in told(page)
    assert not [one for one in page.button if one.label == "Delete"]


def test_runs_are_filtered_by_state_and_preset(make_run: MakeRun) -> None:
    make_run("done"), make_run("failed"), make_run("done", "quick-tsg")
    page = opened()
    page.multiselect(key="state").select("failed")
    fine(page.run())
    assert told(page).count("· fold") == 1
    page.multiselect(key="of_preset").select("quick-tsg")
    fine(page.run())
    assert "No run is like that" in told(page)


def test_a_collapse_is_said_in_a_plain_sentence(make_run: MakeRun) -> None:
    run = make_run("done")
    health = {"teacher_entropy": 3.0, "kl_to_uniform": 0.1}
    run.add_metrics({"step": 1, "epoch": 1, "feature_rank": 20.0, **health})
    assert "Healthy after the last epoch" in opened(run=run.name).success[0].value
    run.add_metrics({"step": 2, "epoch": 2, "feature_rank": 1.0, **health})
    assert "looks like a collapse: all records have the same features" in opened(run=run.name).warning[0].value


def test_two_hundred_runs_read_few_files_beyond_those_shown(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_run("done")
    for place in range(199):
        shutil.copytree(first.path, first.path.with_name(f"20250101T000000Z_quick-time_{place:04d}"))
    opened()
    parsed: list[str] = []
    monkeypatch.setattr(RunDir, "settings", lambda run: parsed.append(run.name))
    monkeypatch.setattr(RunDir, "metrics", lambda run: parsed.append(run.name) or [])
    page = opened()
    assert parsed == []  # settings are known, and no folded card reads its curves
    assert told(page).count("· fold") == 8
