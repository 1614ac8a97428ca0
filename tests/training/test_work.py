"""A command's training: its states, and what it leaves when it fails."""

from pathlib import Path

import pytest

from ecgssl_core.cli import main
from ecgssl_core.runs import create_run, list_runs
from tests.training_small import small

pytestmark = pytest.mark.usefixtures("data")


def test_a_pretraining_from_the_command_line_ends_done(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["pretrain", str(pack), "--preset", "quick-time", "--fold", "0", "--set", "training.epochs=1"]
    assert main([*words, "training.batch=8", "distillation.prototypes=32", "views.locals=1"]) == 0
    (run,) = list_runs()
    assert capsys.readouterr().out.strip() == run.name
    assert run.state().state == "done"
    assert [line["epoch"] for line in run.metrics()] == [1]
    assert run.provenance()["records"] > 0


def test_an_error_ends_the_run_failed_with_its_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pretrain", str(tmp_path / "nothing"), "--preset", "quick-time", "--fold", "0"]) == 1
    (run,) = list_runs()
    state = run.state()
    assert state.state == "failed"
    assert "nothing is no pack" in state.reason
    assert state.reason in capsys.readouterr().err


def test_a_queued_run_is_done_under_its_own_name(pack: Path) -> None:
    run = create_run(small("quick-time", pack, "training.epochs=1"))
    run.ask_to_stop()
    run.write_state("cancelled")
    assert main(["pretrain", str(pack), "--preset", "quick-time", "--run", run.name]) == 0
    assert run.state().state == "done"
    assert len(list_runs()) == 1
