"""`predict --pdf FOLDER --csv FILE`: sheets and a table beside what is printed, with the same numbers."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from ecgssl_core.cli import main
from ecgssl_core.inference.card import find_models
from tests.printed.measuring import opened

EXAMPLES = Path(__file__).parents[2] / "examples"
pytestmark = pytest.mark.skipif(not find_models(), reason="no model has been released to checkpoints/")


def test_sheets_and_a_table_are_written_with_the_numbers_that_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear colleague")
    files = [str(EXAMPLES / "HR00318.hea"), str(EXAMPLES / "HR00180.hea"), str(letter)]
    words = ["--json", "--pdf", str(tmp_path / "new" / "sheets"), "--csv", str(tmp_path / "all.csv")]
    assert main(["predict", *files, *words]) == 1
    tree = json.loads(capsys.readouterr().out)
    assert sorted(path.name for path in (tmp_path / "new" / "sheets").iterdir()) == ["HR00180.pdf", "HR00318.pdf"]
    page = opened((tmp_path / "new" / "sheets" / "HR00318.pdf").read_bytes())[0].words
    assert tree["model"]["sha256"][:12] in page
    with (tmp_path / "all.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = [finding for record in tree["records"] for finding in record["findings"]]
    assert [float(row["probability"]) for row in rows[:-1]] == [finding["probability"] for finding in found]
    assert {row["status"] for row in rows[:-1]} == {finding["status"] for finding in found}
    assert (rows[-1]["record"], rows[-1]["status"]) == ("letter.txt", "refused")
    assert all(row["note"] == tree["note"] for row in rows)


def test_records_of_one_name_have_a_sheet_each(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        for path in EXAMPLES.glob("HR00009.*"):
            shutil.copy(path, tmp_path / folder / path.name)
    files = [str(tmp_path / folder / "HR00009.hea") for folder in ("a", "b")]
    assert main(["predict", *files, "--pdf", str(tmp_path / "sheets")]) == 0
    assert len(list((tmp_path / "sheets").glob("*.pdf"))) == 2


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("")
    assert main(["predict", str(EXAMPLES / "HR00009.hea"), "--pdf", str(tmp_path / "taken")]) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert said == ["The sheets cannot be written into taken (File exists)."]
