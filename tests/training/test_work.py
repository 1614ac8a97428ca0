"""A command's training: its states, and what it leaves when it fails."""

import json
import shutil
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
    printed = capsys.readouterr()
    assert printed.out.strip() == run.name
    assert "1 epoch, 2 steps in all: few records" in printed.err
    assert "epoch 1 of 1, loss " in printed.err
    assert run.state().state == "done"
    assert [line["epoch"] for line in run.metrics()] == [1]
    assert run.provenance()["records"] > 0


def test_an_error_ends_the_run_failed_with_its_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = create_run(small("quick-time", tmp_path / "nothing"))
    assert main(["pretrain", str(tmp_path / "nothing"), "--run", run.name]) == 1
    state = run.state()
    assert state.state == "failed"
    assert "nothing is no pack" in state.reason
    assert state.reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["pretrain", "{nothing}", "--preset", "quick-time"], "nothing is no pack"),
        (["pretrain", "{pack}", "--preset", "quick-time", "--fold", "77"], "There is no fold 77"),
        (["pretrain", "{pack}", "--preset", "quick-time", "--unlabelled", "{nothing}"], "nothing is no pack"),
        (["finetune", "{pack}", "--preset", "quick-tsg", "--fold", "77"], "There is no fold 77"),
        (["finetune", "{pack}", "--preset", "quick-tsg", "--from", "RUN_TIME"], "no pretraining is done yet"),
    ],
)
def test_a_refused_command_leaves_no_run_behind(
    words: list[str], sentence: str, pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word.format(nothing=tmp_path / "nothing", pack=pack) for word in words]) == 1
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert printed.out == ""
    assert list_runs() == []


def test_a_pack_of_too_low_a_rate_is_refused_before_a_run_is_made(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(pack, tmp_path / "slow")
    manifest = tmp_path / "slow" / "pack.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "rate_hz": 50.0}))
    assert main(["pretrain", str(tmp_path / "slow"), "--preset", "quick-time", "--fold", "0"]) == 1
    assert "slow has 50 Hz, and 100 Hz are needed here" in capsys.readouterr().err
    assert list_runs() == []


def test_a_queued_run_is_done_under_its_own_name(pack: Path) -> None:
    run = create_run(small("quick-time", pack, "training.epochs=1"))
    run.ask_to_stop()
    run.write_state("cancelled")
    assert main(["pretrain", str(pack), "--preset", "quick-time", "--run", run.name]) == 0
    assert run.state().state == "done"
    assert len(list_runs()) == 1
