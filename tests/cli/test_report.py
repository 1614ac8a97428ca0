"""The verb report: names, folders or all; wrong words and runs that give no report."""

from pathlib import Path

import pytest

from ecgssl_core.cli import main
from ecgssl_core.runs import create_sweep
from tests.made_runs import make_encoder, make_run


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    monkeypatch.setattr("ecgssl_core.report.write.find_spec", lambda _: None)
    return tmp_path


def test_all_runs_are_reported_on_and_the_files_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_encoder(data)
    make_run(data)
    assert main(["report", "all", "--out", str(data / "out"), "--replicates", "5"]) == 0
    assert capsys.readouterr().out.splitlines() == [str(data / "out" / name) for name in ("report.md", "report.html")]
    assert "5 bootstrap replicates" in (data / "out" / "report.md").read_text()


def test_runs_are_named_or_given_by_their_folders(data: Path) -> None:
    runs = [make_run(data, f"data.fold={fold}") for fold in (0, 1)]
    assert main(["report", runs[0].name, str(runs[1].path), "--out", str(data / "out"), "--replicates", "5"]) == 0
    text = (data / "out" / "report.md").read_text()
    assert "| TSG | 0–1 |" in text


def test_a_sweep_stands_for_its_scored_runs(data: Path) -> None:
    sweep = create_sweep("tables", "digest of a plan", data)
    for fold in (0, 1):
        sweep.note(f"part {fold}", make_run(data, f"data.fold={fold}").name)
    make_run(data, "data.fold=2")
    assert main(["report", "tables", "--out", str(data / "out"), "--replicates", "5"]) == 0
    assert "| TSG | 0–1 |" in (data / "out" / "report.md").read_text()


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["all", "--replicates", "0"], 2, "--replicates is at least 1"),
        (["nobody"], 1, "There is no run 'nobody'"),
        (["all"], 1, "There is no scored run to report on"),
    ],
)
def test_what_gives_no_report_is_one_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, sentence: str
) -> None:
    assert main(["report", *words, "--out", str(data / "out")]) == code
    assert sentence in capsys.readouterr().err
    assert not (data / "out").exists()
