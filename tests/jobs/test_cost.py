"""What a sweep takes is told from runs of its kinds; where there are none, that is said."""

from pathlib import Path

import pytest

from ecgssl_core.jobs import sweep_cost
from ecgssl_core.jobs.plan import Asked, plan_crossval
from ecgssl_core.runs import create_run


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    return tmp_path


def test_what_was_never_done_here_is_not_guessed(root: Path) -> None:
    cost = sweep_cost(plan_crossval(Asked(root, folds=(0, 1), seeds=(0,)), ("T", "SSL-T")), lambda _: 100)
    assert (cost.pretrainings, cost.finetunings, cost.unknown) == (2, 4, 6)
    assert "2 pretrainings, 4 fine-tunings" in cost.sentence(1)
    assert "not known" in cost.sentence(1)


def test_baselines_need_no_measurement(root: Path) -> None:
    cost = sweep_cost(plan_crossval(Asked(root, folds=(0,), seeds=(0,)), ("prevalence",)), lambda _: 100)
    assert cost.sentence(1).endswith("baselines take seconds to minutes each.")


def test_runs_side_by_side_take_less_time_together(root: Path) -> None:
    parts = plan_crossval(Asked(root, folds=(0, 1), seeds=(0,)), ("T",))
    run = create_run(parts[0].settings, root)
    epochs = parts[0].settings.training.epochs
    run.write_state("running", epochs, epochs, epochs, epochs)  # a step an epoch
    for epoch in range(1, epochs + 1):
        run.add_metrics({"step": epoch, "epoch": epoch, "loss": 1.0, "seconds": 60.0})
    run.write_state("done", epochs, epochs, epochs, epochs)
    cost = sweep_cost(parts, lambda _: parts[0].settings.training.batch)
    assert cost.unknown == 0
    assert cost.seconds[0] == pytest.approx(2 * 60.0 * epochs)
    assert f"take {2 * epochs} min" in cost.sentence(1)
    assert f"take {epochs} min" in cost.sentence(2)
