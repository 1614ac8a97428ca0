"""How long a run will take is told from runs of its kind, with the range that they had."""

from pathlib import Path

import pytest

from ecgssl_core.jobs import Pace, expected_time, pace_of, steps_of
from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.settings import Settings, load_preset, override

PRESET = load_preset("quick-time")  # batch 64


def measured(root: Path, settings: Settings, seconds: list[float], records: int = 640) -> RunDir:
    run = create_run(settings, root)
    steps = records // settings.training.batch
    for epoch, took in enumerate(seconds, 1):
        run.add_metrics({"step": epoch * steps, "epoch": epoch, "seconds": took, "loss": 1.0})
    count = settings.training.epochs * steps
    run.write_state("done", step=count, steps=count, epoch=settings.training.epochs, epochs=settings.training.epochs)
    return run


def test_nothing_is_expected_where_nothing_was_measured(tmp_path: Path) -> None:
    assert pace_of(PRESET, tmp_path) is None


def test_the_middle_and_the_range_are_those_of_the_epochs_after_the_first(tmp_path: Path) -> None:
    run = measured(tmp_path, PRESET, [99.0, 6.4, 12.8, 9.6])
    pace = pace_of(PRESET, tmp_path)
    assert pace is not None
    assert pace.seconds == pytest.approx((0.01, 0.02, 0.015))
    told = expected_time(pace, 1280, PRESET)  # 20 steps an epoch, 8 epochs: 10,240 records
    assert (told.seconds, told.low, told.high) == pytest.approx((153.6, 102.4, 204.8))
    assert run.name in told.source
    assert "3 epochs" in told.source


def test_rate_seed_and_fold_do_not_matter_but_views_do(tmp_path: Path) -> None:
    measured(tmp_path, PRESET, [1.0, 6.4, 6.4, 6.4])
    alike = pace_of(override(PRESET, ["optimiser.rate=1e-4", "training.seed=3", "data.fold=2"]), tmp_path)
    other = pace_of(override(PRESET, ["views.locals=8"]), tmp_path)
    assert alike is not None
    assert other is not None
    assert (alike.alike, other.alike) == (True, False)
    assert "with other settings" in expected_time(other, 640, PRESET).source
    assert pace_of(load_preset("quick-tsg"), tmp_path) is None


def test_few_epochs_and_other_settings_make_the_range_wider(tmp_path: Path) -> None:
    measured(tmp_path, PRESET, [6.4])
    pace = pace_of(PRESET, tmp_path)
    assert pace is not None
    told = expected_time(pace, 640, PRESET)
    assert told.low < told.seconds / 1.3
    assert told.high > told.seconds * 1.3


def test_a_run_that_took_no_step_and_a_damaged_one_are_no_measure(tmp_path: Path) -> None:
    create_run(PRESET, tmp_path)
    (measured(tmp_path, PRESET, [6.4]).path / "state.json").write_text("{")
    assert pace_of(PRESET, tmp_path) is None


def test_steps_leave_out_the_records_that_fill_no_batch() -> None:
    assert steps_of(700, PRESET) == 10 * PRESET.training.epochs
    assert steps_of(3, PRESET) == PRESET.training.epochs


def test_steps_that_were_tried_say_so() -> None:
    told = expected_time(Pace((0.01, 0.01, 0.01), 0.0, None, True), 640, PRESET)
    assert told.source.startswith("tried out here on 3 steps")
