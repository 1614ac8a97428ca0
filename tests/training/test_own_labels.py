"""Training on labels of one's own: from a table to scores, without the challenge's classes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ecgssl_core.cli import main
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.runs import list_runs


def test_a_table_of_rhythms_becomes_classes_that_a_training_is_scored_on(
    real: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    folder = tmp_path / "mine"
    folder.mkdir()
    rows = ["file,who,finding"]
    for number in range(1, 41):
        for path in (real("ludb") / "data").glob(f"{number}.[hd]*a*"):
            (folder / path.name).write_bytes(path.read_bytes())
        rows.append(f"{number},p{number},{('calm', 'busy')[number % 2]}")
    (tmp_path / "table.csv").write_text("\n".join(rows) + "\n")
    words = ["pack", str(folder), "--out", str(tmp_path / "pack"), "--labels", str(tmp_path / "table.csv")]
    assert main([*words, "--columns", "record=file,patient=who,labels=finding"]) == 0
    assert main(["folds", str(tmp_path / "pack"), "--count", "4"]) == 0
    assert main(["finetune", str(tmp_path / "pack"), "--preset", "baseline", "--fold", "0"]) == 0
    (run,) = list_runs()
    assert run.settings().data.classes == str(tmp_path / "pack")
    assert load_label_set(run.settings().data.classes).codes == ("busy", "calm")
    assert run.state().state == "done"
    assert len(run.results()["support"]) == 2
