"""The command line: exit codes, and sentences that name the nearest right word."""

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ecgssl_core.cli import VERBS, main
from ecgssl_core.words import parser

EXAMPLE = next((Path(__file__).parents[2] / "examples").glob("*.hea"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["pretain", "x"], "did you mean 'pretrain'"),
        (["pack", "x", "--out", "y", "--lables", "z"], "did you mean '--labels'"),
        (["jobs", "cancle"], "did you mean 'cancel'"),
        ([], "VERB"),
    ],
)
def test_wrong_words_end_with_2_and_name_the_nearest(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--preset", "quick-tim"], "did you mean 'quick-time'"),
        (["--preset", "quick-time", "--set", "training.epoch=3"], "did you mean 'training.epochs'"),
        (["--preset", "quick-time", "--set", "training.epochs=0"], "it must be at least 1"),
        (["--preset", "quick-time", "--set", "training.epochs"], "part.name=value"),
        (["--preset", "quick-tsg"], "for finetune"),
        ([], "--preset"),
    ],
)
def test_wrong_settings_end_with_2_before_any_run_is_made(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path / "data"))
    assert main(["pretrain", str(tmp_path), *words]) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_missing_package_is_one_sentence_and_no_traceback() -> None:
    words = [sys.executable, "-S", "-m", "ecgssl_core", "read", str(EXAMPLE)]  # -S: without any installed package
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(words, cwd=EXAMPLE.parents[1], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    (sentence,) = ended.stderr.splitlines()
    assert "has no package " in sentence
    assert ".venv/bin/python" in sentence


def test_every_verb_has_a_function() -> None:
    choices = next(action.choices for action in parser()._actions if action.dest == "verb")
    assert set(choices or ()) == set(VERBS)


def test_read_gives_what_was_understood_and_refuses_by_kind(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.hea"
    broken.write_text("broken 12 500 5000\n")
    assert main(["read", str(EXAMPLE), str(broken), "--json"]) == 1
    tree = json.loads(capsys.readouterr().out)
    (record,) = tree["records"]
    assert record["rate_hz"] == 500
    assert len(record["leads"]) == 12
    assert set(record["units"].values()) == {"file"}
    (refused,) = tree["refused"]
    assert refused["name"] == "broken.hea"
    assert refused["kind"] == "BROKEN"
    assert str(tmp_path) not in json.dumps(tree)


def test_read_prints_lines_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(EXAMPLE)]) == 0
    assert f"{EXAMPLE.stem}: WFDB" in capsys.readouterr().out


def test_packing_lists_what_it_left_out_and_goes_on(
    real: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    for header in sorted((real("cinc2020") / "georgia").glob("*.hea"))[:4]:
        for path in (header, header.with_suffix(".mat")):
            shutil.copy(path, folder / path.name)
    cut = sorted(folder.glob("*.mat"))[0]
    cut.write_bytes(cut.read_bytes()[:1000])
    assert main(["pack", str(folder), "--out", str(tmp_path / "pack"), "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["records"] == 3
    assert json.loads(printed.out)["refused"] == 1
    assert f"{cut.stem}: " in printed.err
    assert main(["folds", str(tmp_path / "pack"), "--count", "3"]) == 0
    printed = capsys.readouterr()
    assert "fold 2: 1 records" in printed.out
    assert "Nobody knows the patients of 3 of 3 records: each is taken as a person of its own" in printed.err
    assert main(["pack", str(folder), "--out", str(tmp_path / "pack")]) == 0
    assert "leads: I, II, III, aVR" in capsys.readouterr().out


def test_an_empty_folder_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", str(tmp_path), "--out", str(tmp_path / "pack")]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not (tmp_path / "pack").exists()


def test_what_a_file_leaves_open_is_said_on_the_command_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [f"{round(300 * math.sin(at / 9))},{round(200 * math.cos(at / 9))}" for at in range(3000)]
    (tmp_path / "mine.csv").write_text("\n".join(rows) + "\n")

    def asked(*words: str) -> dict[str, Any]:
        assert main(["read", str(tmp_path / "mine.csv"), "--json", *words]) == 0
        (record,) = json.loads(capsys.readouterr().out)["records"]
        return record

    silent = asked()
    assert {issue["kind"] for issue in silent["issues"]} >= {"ASK-UNIT", "ASK-LEAD", "ASK-RATE"}
    assert silent["intervals"] is None
    told = asked("--unit", "uV", "--leads", "I,II", "--rate", "250")
    assert (told["leads"][:2], told["rate_hz"], told["seconds"]) == (["I", "II"], 250.0, 12.0)
    assert told["derived"] == ["III", "aVR", "aVL", "aVF"]
    assert set(told["units"].values()) == {"user"}
    assert not {issue["kind"] for issue in told["issues"]} & {"ASK-UNIT", "ASK-LEAD"}


def test_a_signal_file_named_before_its_header_is_no_record_of_its_own(
    real: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = real("formats") / "wfdb"
    words = [str(folder / f"flacformats.{ending}") for ending in ("d0", "d1", "d2", "hea")]
    assert main(["read", *words, "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert ([record["name"] for record in tree["records"]], tree["refused"]) == (["flacformats"], [])


def test_files_of_one_name_in_two_folders_are_two_records(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        for path in EXAMPLE.parent.glob(f"{EXAMPLE.stem}.*"):
            (tmp_path / folder / path.name).write_bytes(path.read_bytes())
    words = [str(tmp_path / folder / EXAMPLE.name) for folder in ("a", "b")]
    assert main(["read", *words, "--json"]) == 0
    names = [record["name"] for record in json.loads(capsys.readouterr().out)["records"]]
    assert names == [EXAMPLE.name, f"{EXAMPLE.name} (2)"]


def test_an_answer_that_a_file_does_not_ask_for_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(EXAMPLE), "--json", "--unit", "uV", "--rate", "250"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["records"]
    assert record["rate_hz"] == 500
    assert [issue["sentence"] for issue in record["issues"]][:2] == [
        "The file says its own unit, so --unit is not used.",
        "The file says its own rate, so --rate is not used.",
    ]


def test_signal_files_of_two_headers_and_marks_of_beats_lose_no_record(
    real: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = real("formats") / "wfdb"
    assert (
        main(["read", *(str(folder / name) for name in ("100.atr", "100.dat", "100.hea", "100skew.hea")), "--json"])
        == 1
    )
    tree = json.loads(capsys.readouterr().out)
    assert sorted(record["name"] for record in tree["records"]) == ["100", "100skew"]
    assert [refusal["name"] for refusal in tree["refused"]] == ["100.atr"]


def test_a_folder_is_no_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["read", str(tmp_path), "--json"]) == 1
    (refused,) = json.loads(capsys.readouterr().out)["refused"]
    assert (refused["kind"], refused["sentence"]) == ("FORMAT", "This is a folder; name the files in it, or pack it.")


@pytest.mark.parametrize("rate", ["7", "nan", "-5", "1e9"])
def test_a_pack_of_no_rate_that_an_ecg_has_is_wrong_words(
    rate: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["pack", str(tmp_path), "--out", str(tmp_path / "out"), "--rate", rate]) == 2
    assert "a pack has 20 to 4000 samples a second" in capsys.readouterr().err


def test_lines_of_a_table_that_name_no_record_are_told(
    real: Callable[[str], Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "few").mkdir()
    for name in ("1", "2"):
        for path in (real("ludb") / "data").glob(f"{name}.[hd]*a*"):
            shutil.copyfile(path, tmp_path / "few" / path.name)
    (tmp_path / "t.csv").write_text("record,patient\n1,a\nnobody,b\n")
    words = ["pack", str(tmp_path / "few"), "--out", str(tmp_path / "pack"), "--labels", str(tmp_path / "t.csv")]
    assert main(words) == 0
    said = capsys.readouterr().err
    assert "1 of the 2 lines of t.csv name no record here: nobody; 1 of the 2 records have no line in t.csv." in said


def test_outputs_of_two_records_of_one_name_are_not_written_over_each_other(tmp_path: Path) -> None:
    from ecgssl_core.inference.challenge_outputs import write_outputs

    finding = {"code": "426783006", "positive": True, "probability": 0.5}
    record = {"name": "ecg", "abstained": None, "seen": False, "findings": [finding]}
    remarks = write_outputs({"records": [record, record]}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["ecg.csv"]
    assert remarks == ["ecg: no output, for another record of that name has one; give each its own name."]
