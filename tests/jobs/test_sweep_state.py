"""A sweep is one thing: one share, one time left, all of its runs ended or put back at once."""

from pathlib import Path

import pytest

from ecgssl_core.errors import RunError
from ecgssl_core.jobs import SweepState, cancel_all, resume_all, sweep_state
from ecgssl_core.jobs.places import at_once, only_worker, set_at_once
from ecgssl_core.jobs.plan import Asked, plan_crossval
from ecgssl_core.jobs.sweeps import begin, queue_sweep
from ecgssl_core.runs import Glance, RunDir, Sweep, glances, open_sweep


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    parts = plan_crossval(Asked(Path("/packs/one"), folds=(0,), seeds=(0,)), ("prevalence", "T", "SSL-T"))
    queue_sweep(begin("crossval", "one", parts, tmp_path), parts, tmp_path)
    return open_sweep("one", tmp_path)


def looked(sweep: Sweep, root: Path) -> SweepState:
    return sweep_state(sweep, {one.name: one for one in glances(root)}, root)


def runs_of(state: SweepState) -> list[Glance]:
    return [one for one in state.parts.values() if one is not None]


def run_of(state: SweepState, part: str) -> RunDir:
    return next(one.run for name, one in state.parts.items() if name.startswith(part) and one)


def test_its_share_is_the_mean_of_its_runs_and_removed_ones_count_as_gone(sweep: Sweep, tmp_path: Path) -> None:
    state = looked(sweep, tmp_path)
    assert (state.share, dict(state.counts), state.seconds_left) == (0.0, {"queued": 4}, None)
    run_of(state, "T").write_state("done")
    run_of(state, "pretrain").write_state("cancelled", step=5, steps=10)
    run_of(state, "prevalence").path.rename(tmp_path / "away")
    state = looked(sweep, tmp_path)
    assert dict(state.counts) == {"queued": 1, "cancelled": 1, "done": 1, "gone": 1}
    assert state.share == pytest.approx((0 + 1 + 0.5 + 0) / 4)
    assert state.is_active


def test_time_left_comes_from_runs_of_the_same_training_and_never_from_a_baseline(
    sweep: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("time.time", lambda: clock[0])

    def worked(part: str, seconds: float) -> None:
        run = run_of(looked(sweep, tmp_path), part)
        run.write_state("running")
        clock[0] += seconds
        run.write_state("done")

    worked("prevalence", 3.0)
    assert looked(sweep, tmp_path).seconds_left is None
    worked("pretrain", 50.0)
    worked("T", 20.0)
    assert looked(sweep, tmp_path).seconds_left == pytest.approx(20.0)  # SSL-T takes as long as T


def test_all_are_cancelled_and_all_are_resumed(sweep: Sweep, tmp_path: Path) -> None:
    with only_worker(tmp_path):  # nothing begins
        assert cancel_all(runs_of(looked(sweep, tmp_path))) == 4
        state = looked(sweep, tmp_path)
        assert dict(state.counts) == {"cancelled": 4}
        assert not state.is_active
        run_of(state, "T").write_state("done")
        assert resume_all(runs_of(looked(sweep, tmp_path))) == 3
        assert dict(looked(sweep, tmp_path).counts) == {"queued": 3, "done": 1}


def test_how_many_work_at_once_is_kept_in_the_data_folder(tmp_path: Path) -> None:
    assert at_once(tmp_path) == 1
    set_at_once(tmp_path, 3)
    assert at_once(tmp_path) == 3
    with pytest.raises(RunError, match="1 or more"):
        set_at_once(tmp_path, 0)
    (tmp_path / "runs" / ".at-once").write_text("many")
    assert at_once(tmp_path) == 1
