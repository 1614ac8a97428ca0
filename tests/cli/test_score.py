"""The verb `score`: JSON as promised, years and ways of reading, one sentence for what cannot be scored."""

import json
from pathlib import Path

import pytest

from ecgssl_core.cli import main

AF, NORMAL, LEFT_BUNDLE = "164889003", "426783006", "733534002"
KEYS = "year classes auroc auprc accuracy f_measure f_beta_2 g_beta_2 challenge_metric per_class records"


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    labels, outputs = tmp_path / "labels", tmp_path / "outputs"
    labels.mkdir()
    outputs.mkdir()
    for row, code in enumerate((AF, NORMAL, LEFT_BUNDLE, AF)):
        (labels / f"R{row}.hea").write_text(f"R{row} 12 500 5000\n# Dx: {code}\n")
        said = f"{int(code == AF)},{int(code == NORMAL)}\n{0.1 + 0.2 * row},{0.9 * (code == NORMAL)}"
        (outputs / f"R{row}.csv").write_text(f"#R{row}\n{AF},{NORMAL}\n{said}\n")
    return ["score", str(labels), str(outputs)]


def test_json_has_the_promised_keys_and_values(folders: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*folders, "--json"]) == 0
    printed = capsys.readouterr()
    tree = json.loads(printed.out)
    assert list(tree) == KEYS.split()
    assert (tree["year"], len(tree["classes"]), tree["records"]) == (2020, 24, 4)
    assert tree["accuracy"] == 1.0  # 733534002 is not scored in 2020
    assert tree["challenge_metric"] == 1.0
    place = tree["classes"].index(AF)
    assert tree["per_class"]["auroc"][place] == 0.5
    assert tree["per_class"]["auroc"].count(None) == 22
    assert "R0.hea writes its diagnosis line unlike" in printed.err
    assert folders[1] not in printed.out + printed.err


def test_the_year_changes_classes_and_labels(folders: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*folders, "--year", "2021", "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert (tree["year"], len(tree["classes"])) == (2021, 26)
    assert tree["accuracy"] == 0.75


def test_compatible_reads_with_the_faults_of_that_year(folders: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*folders, "--year", "2021", "--compatible", "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["auroc"] is None  # that program reads no label behind "# Dx:"
    assert printed.err == ""
    assert main([*folders, "--compatible"]) == 1
    assert "diagnosis lines" in capsys.readouterr().err


def test_people_get_lines(folders: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(folders) == 0
    out = capsys.readouterr().out
    assert "4 records, 24 classes of 2020" in out
    assert "challenge_metric  1.000000" in out
    assert "undefined" in out


def test_what_cannot_be_scored_ends_with_1_and_one_sentence(
    folders: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "outputs" / "R2.csv").unlink()
    for words, sentence in (
        (["score", str(tmp_path / "gone"), folders[2]], "no folder gone"),
        (["score", str(tmp_path / "empty"), folders[2]], "holds no header"),
        (folders, "no R2.csv for the header R2.hea"),
    ):
        assert main(words) == 1
        said = capsys.readouterr().err.strip()
        assert sentence in said
        assert len(said.splitlines()) == 1


def test_unlabelled_headers_are_taken_when_allowed(folders: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (Path(folders[1]) / "R1.hea").write_text("R1 12 500 5000\n")
    assert main([*folders, "--json"]) == 1
    assert "R1.hea: The header has no diagnosis line" in capsys.readouterr().err
    assert main([*folders, "--allow-unlabelled", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == 0.75
