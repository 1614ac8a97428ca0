"""The demo goes the whole way, prints each command, and every command does what it says."""

import os
from pathlib import Path

import pytest

from ecgssl_core import cli
from ecgssl_core.runs import create_run, list_runs
from ecgssl_core.settings import Settings
from ecgssl_core.words import parser

VERBS = ["pack", "folds", "pretrain", "finetune", "finetune", "report"]


def commands(text: str) -> list[str]:
    return [line.removeprefix("$ python -m ecgssl_core ") for line in text.splitlines() if line.startswith("$ ")]


def gone(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> None:
    before = os.environ.get("ECGSSL_DATA")
    assert cli.main(["demo", str(folder), *words]) == 0
    said = capsys.readouterr().out
    assert [command.split()[0] for command in commands(said)] == VERBS
    assert "invented, from nobody's heart" in said
    assert (folder / "report" / "report.html").stat().st_size > 10_000
    assert {run.state().state for run in list_runs(folder / "data")} == {"done"}
    assert {run.settings().arm for run in list_runs(folder / "data")} == {"pretrain-time", "SSL-T", "prevalence"}
    assert os.environ.get("ECGSSL_DATA") == before


def test_the_way_is_gone_with_as_little_as_possible(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone(tmp_path / "demo", capsys, "--tiny")


@pytest.mark.slow
def test_the_way_is_gone_as_a_person_would(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone(tmp_path / "demo", capsys)


def test_a_folder_in_use_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    assert cli.main(["demo", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_runs_go_into_the_trash_and_back_from_the_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    run = create_run(Settings(preset="quick-time"), tmp_path)
    assert cli.main(["jobs", "delete", run.name]) == 1  # it waits
    run.write_state("done")
    assert cli.main(["jobs", "delete", run.name]) == 0
    assert cli.main(["jobs", "trash"]) == 0
    assert run.name in capsys.readouterr().out
    assert cli.main(["jobs", "restore", run.name]) == 0
    assert [one.name for one in list_runs(tmp_path)] == [run.name]
    assert parser().parse_args(["worker"]).at_once is None
