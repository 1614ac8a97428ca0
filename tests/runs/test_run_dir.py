"""A run folder keeps what it was told, survives what tore it, and says who is alive."""

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ecgssl_core.errors import RunError, SettingsError
from ecgssl_core.runs import RunDir, create_run, open_run
from ecgssl_core.settings import Settings


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    return create_run(Settings(preset="quick-time"), tmp_path, ["pretrain", "pack"])


def test_the_merged_settings_and_the_words_come_back(tmp_path: Path) -> None:
    settings = Settings.model_validate({"preset": "own", "training": {"epochs": 3}, "data": {"unlabelled": ["a", "b"]}})
    run = create_run(settings, tmp_path, ["pretrain", "a b", "--fold", "1"])
    assert open_run(run.name, tmp_path).settings() == settings
    assert run.words() == ["pretrain", "a b", "--fold", "1"]


def test_a_new_run_is_queued_and_not_alive(run: RunDir) -> None:
    state = run.state()
    assert (state.state, state.alive, state.share, state.heartbeat_age_s) == ("queued", False, 0.0, None)
    assert state.epochs == Settings().training.epochs


def test_running_without_a_holder_is_interrupted(run: RunDir) -> None:
    with run.hold():
        run.write_state("running", step=5, steps=20, epoch=1, epochs=4)
        assert (run.state().state, run.state().alive, run.state().share) == ("running", True, 0.25)
    assert (run.state().state, run.state().alive, run.state().step) == ("interrupted", False, 5)


def test_a_claimed_run_is_alive_before_its_command_holds_it(run: RunDir) -> None:
    with run.claim():
        run.write_state("starting")
        assert run.state().state == "starting"
        with run.hold():
            run.write_state("running")
            assert run.state().state == "running"
        assert run.state().alive
    assert run.state().state == "interrupted"


def test_only_one_may_hold_a_run(run: RunDir) -> None:
    with run.hold(), pytest.raises(RunError, match="being worked on already"), run.hold():
        pass


def test_interrupted_is_never_written(run: RunDir) -> None:
    with pytest.raises(ValueError, match="derived"):
        run.write_state("interrupted")


def test_the_time_left_counts_from_where_this_start_began(run: RunDir, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("time.time", lambda: clock[0])
    with run.hold():
        run.write_state("running", step=100, steps=200)
        assert run.state().seconds_left is None
        clock[0] += 10
        run.write_state("running", step=120, steps=200)
        assert run.state().seconds_left == pytest.approx(40)
        run.write_state("done", step=200, steps=200)
    assert run.state().seconds_left is None


def test_a_beat_gives_an_age(run: RunDir) -> None:
    run.beat()
    age = run.state().heartbeat_age_s
    assert age is not None
    assert 0 <= age < 60


def test_asking_to_stop_can_be_taken_back(run: RunDir) -> None:
    assert not run.stop_asked()
    run.ask_to_stop()
    assert run.stop_asked()
    run.forget_stop()
    assert not run.stop_asked()


def test_metrics_come_back_in_order_with_null_for_what_is_no_number(run: RunDir) -> None:
    run.add_metrics({"step": 1, "split": "train", "loss": 2.5})
    run.add_metrics({"step": 2, "split": "train", "loss": math.nan})
    assert run.metrics() == [{"step": 1, "split": "train", "loss": 2.5}, {"step": 2, "split": "train", "loss": None}]


def test_a_torn_last_line_is_ignored_and_swallows_no_later_one(run: RunDir) -> None:
    run.add_metrics({"step": 1})
    with (run.path / "metrics.jsonl").open("ab") as file:
        file.write(b'{"step": 2, "lo')
    assert run.metrics() == [{"step": 1}]
    run.add_metrics({"step": 2})
    assert run.metrics() == [{"step": 1}, {"step": 2}]


def test_metrics_after_a_step_can_be_cut(run: RunDir) -> None:
    for step in (1, 2, 3):
        run.add_metrics({"step": step})
    run.cut_metrics(2)
    assert run.metrics() == [{"step": 1}, {"step": 2}]


def test_results_are_written_once(run: RunDir) -> None:
    assert run.results() is None
    run.write_results({"test": {"auroc": {"value": math.nan}}})
    assert run.results() == {"test": {"auroc": {"value": None}}}
    with pytest.raises(RunError, match="scored already"):
        run.write_results({})


def test_predictions_and_provenance_come_back(run: RunDir) -> None:
    assert run.predictions() is None
    assert run.provenance() == {}
    frame = pd.DataFrame({"key": ["a", "b"], "p_AF": [0.25, 0.5]})
    run.write_predictions(frame)
    run.write_provenance({"device": "cpu"})
    pd.testing.assert_frame_equal(run.predictions(), frame, check_dtype=False)
    assert run.provenance() == {"device": "cpu"}


@pytest.mark.parametrize(
    ("name", "look", "error"),
    [
        ("state.json", RunDir.state, RunError),
        ("metrics.json", RunDir.results, RunError),
        ("predictions.parquet", RunDir.predictions, RunError),
        ("words.json", RunDir.words, RunError),
        ("config.toml", RunDir.settings, SettingsError),
    ],
)
def test_a_damaged_part_is_one_sentence(
    run: RunDir, name: str, look: Callable[[RunDir], object], error: type[Exception]
) -> None:
    (run.path / name).write_text('{"torn')
    with pytest.raises(error, match=run.name):
        look(run)


def test_the_last_words_are_the_end_of_the_log(run: RunDir) -> None:
    assert run.last_words() == ""
    run.log.write_text("".join(f"line {number}\n\n" for number in range(9000)))
    assert run.last_words(2) == "line 8998\nline 8999"
