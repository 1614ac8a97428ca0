"""`jobs` tells what each run is and of which sweep, and ends a sweep by its name."""

from pathlib import Path

import pytest

from ecgssl_core.cli import main
from ecgssl_core.jobs import run_lines, sweep_glances
from ecgssl_core.jobs.plan import Asked, plan_crossval
from ecgssl_core.jobs.sweeps import begin, queue_sweep
from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.settings import load_preset


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[RunDir]:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    parts = plan_crossval(Asked(tmp_path / "pack", folds=(0, 1), seeds=(0,)), ("T", "SSL-T"))
    return queue_sweep(begin("crossval", "tables", parts), parts)


@pytest.mark.usefixtures("runs")
def test_runs_of_a_sweep_that_wait_are_one_line() -> None:
    assert list(run_lines()) == ["tables: 6 runs of this sweep wait"]


def test_a_line_tells_arm_fold_and_sweep(runs: list[RunDir]) -> None:
    runs[0].write_state("done", 4, 4, 2, 2)
    runs[-1].write_state("failed", 3, 8, reason="The disk is full.")
    lines = list(run_lines())
    assert len(lines) == 3
    assert next(line for line in lines if line.startswith(runs[0].name)).endswith("  T  fold 0  sweep tables")
    failed = next(line for line in lines if line.startswith(runs[-1].name))
    assert "failed at step 3 of 8  SSL-T  fold 1  sweep tables  The disk is full." in failed


def test_a_run_that_reads_its_records_is_not_at_step_0_of_0(tmp_path: Path) -> None:
    run = create_run(load_preset("quick-time"), tmp_path)
    with run.hold():
        run.write_state("running")
        (line,) = run_lines(tmp_path)
    assert "running, reading its records  pretraining time" in line


@pytest.mark.usefixtures("runs")
def test_a_whole_sweep_is_cancelled_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["jobs", "cancel", "tables"]) == 0
    assert capsys.readouterr().out == "tables: 6 runs cancelled\n"
    assert {one.state.state for one in sweep_glances("tables") if one.state} == {"cancelled"}
    assert main(["jobs", "cancel", "tables"]) == 1
    assert "No run of the sweep tables can be cancelled" in capsys.readouterr().err
