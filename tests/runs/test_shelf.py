"""Runs are made whole, found by name only, and listed newest first."""

from pathlib import Path

import pytest

from ecgssl_core.errors import OwnFault, RunError
from ecgssl_core.runs import create_run, data_root, list_runs, open_run
from ecgssl_core.settings import Settings


def test_the_data_folder_is_what_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    assert data_root() == tmp_path
    monkeypatch.delenv("ECGSSL_DATA")
    monkeypatch.chdir(tmp_path)
    assert data_root() == tmp_path / "data"


def test_a_name_has_time_preset_and_four_letters(tmp_path: Path) -> None:
    assert create_run(Settings(preset="quick-time"), tmp_path).name[15:].startswith("Z_quick-time_")
    assert "_my-own-preset_" in create_run(Settings(preset="my own/preset"), tmp_path).name
    assert len(create_run(Settings(), tmp_path).name.split("_")[-1]) == 4


def test_runs_are_listed_newest_first_even_within_a_second(tmp_path: Path) -> None:
    assert list_runs(tmp_path) == []
    made = [create_run(Settings(), tmp_path).name for _ in range(5)]
    (tmp_path / "runs" / ".hidden").mkdir()
    (tmp_path / "runs" / "a file").write_text("")
    assert [run.name for run in list_runs(tmp_path)] == made[::-1]


@pytest.mark.parametrize("name", ["../secret", "a/b", "..", ".hidden", "", "a\\b", "a\0b", "/etc"])
def test_a_name_may_not_lead_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunError, match="not the name of a run"):
        open_run(name, tmp_path)


def test_a_wrong_name_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no run has been started yet"):
        open_run("nothing", tmp_path)
    run = create_run(Settings(preset="quick-time"), tmp_path)
    with pytest.raises(RunError, match=f"did you mean '{run.name}'"):
        open_run(run.name[:-1] + "0", tmp_path)


def test_a_path_opens_a_run_wherever_it_lies(tmp_path: Path) -> None:
    run = create_run(Settings(), tmp_path)
    assert open_run(run.path).state().state == "queued"


def test_a_data_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file where a folder should be")
    with pytest.raises(OwnFault, match="No run could be made"):
        create_run(Settings(), tmp_path)


def test_only_runs_that_fit_are_recommended(tmp_path: Path) -> None:
    done, failed = (create_run(Settings(preset="quick-time"), tmp_path) for _ in range(2))
    done.write_state("done")
    create_run(Settings(method="baseline"), tmp_path).write_state("done")  # scored, and nothing to release
    failed.write_state("failed", reason="There is no run 'RUN_TIME'.")
    with pytest.raises(RunError, match=f"the newest finished pretraining is '{done.name}'"):
        open_run("RUN_TIME", tmp_path, wanted="pretraining")
    with pytest.raises(RunError, match="no fine-tuning is done yet"):
        open_run("RUN_FINETUNE", tmp_path, wanted="fine-tuning")
