"""What is deleted lies in the trash, and comes back as it was; what is needed or at work stays."""

from pathlib import Path

import pytest

from ecgssl_core.errors import RunError
from ecgssl_core.jobs import discard, restore, trashed
from ecgssl_core.runs import RunDir, create_run, list_runs, open_run
from ecgssl_core.settings import Settings, load_preset


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    made = create_run(Settings(preset="quick-time"), tmp_path)
    made.write_state("done")
    return made


def test_a_run_goes_into_the_trash_and_back(run: RunDir, tmp_path: Path) -> None:
    settings = run.settings()
    discard(run)
    assert list_runs(tmp_path) == []
    assert trashed(tmp_path) == [run.name]
    assert restore(run.name, tmp_path).settings() == settings
    assert trashed(tmp_path) == []


def test_what_waits_or_works_is_never_deleted(run: RunDir, tmp_path: Path) -> None:
    run.write_state("queued")
    with pytest.raises(RunError, match="waits or works"):
        discard(run)
    run.write_state("done")
    with run.hold(), pytest.raises(RunError, match="waits or works"):
        discard(run)
    assert trashed(tmp_path) == []


def test_an_encoder_that_a_waiting_run_needs_stays(run: RunDir, tmp_path: Path) -> None:
    settings = load_preset("quick-tsg")
    data = settings.data.model_copy(update={"encoders": (run.name,)})
    waiting = create_run(settings.model_copy(update={"data": data}), tmp_path)
    with pytest.raises(RunError, match=waiting.name):
        discard(run)
    waiting.write_state("cancelled")
    discard(run)


def test_a_damaged_run_can_be_deleted(run: RunDir, tmp_path: Path) -> None:
    (run.path / "state.json").write_text("{")
    discard(run)
    assert trashed(tmp_path) == [run.name]


def test_nothing_comes_back_from_elsewhere_or_over_another_run(run: RunDir, tmp_path: Path) -> None:
    for name in ("nobody", "../runs", ""):
        with pytest.raises(RunError, match="no such run in the trash"):
            restore(name, tmp_path)
    discard(run)
    run.path.mkdir()
    with pytest.raises(RunError, match="in that place already"):
        restore(run.name, tmp_path)
    with pytest.raises(RunError, match="There is no run"):
        open_run("x", tmp_path)
