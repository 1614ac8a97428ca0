"""A sweep does each part once, in an order that works, and goes on where it was broken off."""

import shutil
import sys
from pathlib import Path

import pytest

from ecgssl_core.errors import RunError
from ecgssl_core.jobs import drain
from ecgssl_core.jobs.plan import Asked, Part, plan_crossval
from ecgssl_core.jobs.sweeps import begin, counts, queue_sweep
from ecgssl_core.runs import open_run, open_sweep

COMMAND = (sys.executable, str(Path(__file__).parent / "little_command.py"))


def _plan(*seeds: int) -> list[Part]:
    return plan_crossval(Asked(Path("/packs/one"), folds=(0,), seeds=seeds or (0,)), ("T", "SSL-T"))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("at_once", [1, 3])
def test_what_needs_a_pretraining_waits_for_it(root: Path, at_once: int) -> None:
    runs = queue_sweep(begin("crossval", "one", _plan(), root), _plan(), root)
    drain(root, COMMAND, at_once=at_once)
    assert counts(runs) == {"done": 3}
    order = (root / "runs" / "order").read_text().split()
    named = open_sweep("one", root).runs()
    assert order.index(named["pretrain time fold 0 seed 0"]) < order.index(named["SSL-T fold 0 seed 0 labels 1"])
    fine = open_run(named["SSL-T fold 0 seed 0 labels 1"], root).settings()
    assert fine.data.encoders == (named["pretrain time fold 0 seed 0"],)
    assert fine.arm == "SSL-T"


def test_several_runs_are_at_work_at_once_where_that_is_asked_for(root: Path) -> None:
    parts = plan_crossval(Asked(Path("/packs/one"), folds=(0, 1, 2), seeds=(0,)), ("T",))
    runs = queue_sweep(begin("crossval", None, parts, root), parts, root)
    drain(root, COMMAND, at_once=3)
    began = [run.path.joinpath("state.json").stat().st_mtime for run in runs]
    assert counts(runs) == {"done": 3}
    assert max(began) - min(began) < 10


def test_the_same_words_again_do_only_what_is_missing(root: Path) -> None:
    plan = _plan()
    first = queue_sweep(begin("crossval", None, plan, root), plan, root)
    first[0].write_state("done")
    first[1].write_state("failed", reason="The disk is full.")
    shutil.rmtree(first[2].path)
    again = queue_sweep(begin("crossval", None, plan, root), plan, root)
    assert [run.name for run in again[:2]] == [run.name for run in first[:2]]
    assert [run.state().state for run in again] == ["done", "queued", "queued"]
    assert again[2].name != first[2].name


def test_a_name_belongs_to_one_plan(root: Path) -> None:
    begin("crossval", "mine", _plan(0), root)
    assert begin("crossval", "mine", _plan(0), root).name == "mine"
    with pytest.raises(RunError, match="other words"):
        begin("crossval", "mine", _plan(0, 1), root)


def test_an_unknown_sweep_names_the_nearest(root: Path) -> None:
    begin("crossval", "mine", _plan(0), root)
    with pytest.raises(RunError, match="'mine'"):
        open_sweep("mein", root)
