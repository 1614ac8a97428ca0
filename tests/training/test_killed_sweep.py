"""A sweep that is killed, with whatever it was training, ends as one that was not, when the same words come again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from ecgssl_core.cli import main
from ecgssl_core.jobs.places import is_worked_off
from ecgssl_core.runs import RunDir, list_runs, open_run, open_sweep, sweep_names
from ecgssl_core.training.checkpoint import load_weights

PARTS = ("pretrain time fold 0 seed 0", "SSL-T fold 0 seed 0 labels 1")
SMALL = ["training.epochs=3", "training.batch=8", "training.threads=1", "training.checkpoint_epochs=1"]
NARROW = ["distillation.prototypes=32", "distillation.hidden=32", "views.locals=1", "training.probe_epochs=0"]


def _start(pack: Path, root: Path) -> "subprocess.Popen[bytes]":
    words = ["crossval", str(pack), "--arms", "SSL-T", "--folds", "0", "--name", "one", "--wait"]
    words += ["--set", *SMALL, "--pretrain-set", *SMALL, *NARROW]
    environment = {**os.environ, "ECGSSL_DATA": str(root), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-m", "ecgssl_core", *words], env=environment, start_new_session=True)


def test_a_sweep_on_packs_that_are_not_there_or_of_another_form_queues_nothing(
    pack: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["--unlabelled", str(data / "more")], ["--from", "RUN"], ["--folds", "77"]):
        assert main(["crossval", str(pack), "--name", "tables", *words]) in (1, 2)
    said = capsys.readouterr().err
    assert "more is no pack" in said
    assert "no pretraining is done yet" in said
    assert "There is no fold 77" in said
    assert list_runs() == []
    assert sweep_names() == []


def test_who_stops_waiting_is_told_that_the_queue_goes_on(pack: Path, data: Path) -> None:
    words = ["crossval", str(pack), "--arms", "T", "--folds", "0,1", "--name", "one", "--wait", "--set", *SMALL]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    sweep = subprocess.Popen([sys.executable, "-m", "ecgssl_core", *words], env=environment, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not any(run.state().state == "running" for run in list_runs()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    sweep.send_signal(signal.SIGINT)
    _, said = sweep.communicate(timeout=30)
    assert sweep.returncode == 130
    assert b"2 fine-tunings" in said
    assert b"one has queued goes on in the background" in said
    assert b"jobs cancel one" in said
    assert main(["jobs", "cancel", "one"]) == 0
    while any(run.state().state in ("queued", "starting", "running") for run in list_runs()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert {run.state().state for run in list_runs()} <= {"cancelled", "done"}
    while is_worked_off(data):  # nothing of it stays at work
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _weights(root: Path) -> list[dict[str, torch.Tensor]]:
    named = open_sweep("one", root).runs()
    return [load_weights(open_run(named[part], root).checkpoints(), "") for part in PARTS]


def _kill_in_the_middle(sweep: "subprocess.Popen[bytes]", root: Path, place: int) -> RunDir:
    """Kill the sweep and its training once the run at this place has done an epoch, and give that run."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        runs = sorted(list_runs(root), key=lambda run: run.path.joinpath("config.toml").stat().st_mtime_ns)
        if len(runs) > place and runs[place].metrics():
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                if runs[place].name.encode() in process.read_bytes().split(b"\0"):
                    os.kill(int(process.parent.name), signal.SIGKILL)
            os.killpg(sweep.pid, signal.SIGKILL)
            sweep.wait()
            return runs[place]
        time.sleep(0.02)
    raise AssertionError("waited in vain")


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="finds processes by /proc")
def test_a_killed_sweep_goes_on_and_ends_with_the_same_weights(pack: Path, tmp_path: Path) -> None:
    assert _start(pack, tmp_path / "straight").wait(timeout=300) == 0
    for place in (0, 1):  # in the pretraining, then in the fine-tuning
        run = _kill_in_the_middle(_start(pack, tmp_path / "killed"), tmp_path / "killed", place)
        deadline = time.monotonic() + 60
        while run.state().state != "interrupted":
            assert time.monotonic() < deadline, run.state()
            time.sleep(0.05)
    assert _start(pack, tmp_path / "killed").wait(timeout=300) == 0
    for one, other in zip(_weights(tmp_path / "straight"), _weights(tmp_path / "killed"), strict=True):
        assert one.keys() == other.keys()
        assert all(torch.equal(one[name], other[name]) for name in one)
    assert len(list_runs(tmp_path / "killed")) == len(PARTS)
