"""Real one-lead records from the folder to their scores: pack, folds, fine-tuning, lead sets, a model of 12 leads."""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.cli import main
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.evaluation.rhythm_2017 import RHYTHMS, challenge_f1, rhythm_table
from ecgssl_core.report.make import study_of
from ecgssl_core.report.rhythms import rhythm_section
from ecgssl_core.runs import RunDir, list_runs

WANTED = {"N": 12, "A": 8, "O": 10, "~": 6}
TINY = [
    *("input.rate=100", "input.window=500", "input.stride=500", "encoder.width=32", "encoder.layers=1"),
    *("encoder.heads=4", "encoder.feed_forward=64", "encoder.position_kernel=8", "training.epochs=1"),
    *("views.time.source=1000", "views.time.global_samples=500", "optimiser.warmup_epochs=0", "training.threads=1"),
]


@pytest.fixture(scope="module")
def place(real: Callable[[str], Path], shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a pack of some of the challenge's records in three folds, and a run on them."""
    place = tmp_path_factory.mktemp("single")
    (place / "records").mkdir()
    left = Counter(WANTED)
    lines = []
    for row in csv.DictReader(shared("af2017_labels.csv").read_text().splitlines()):
        if left[row["label"]] > 0:
            left[row["label"]] -= 1
            lines.append(f"{row['record']},{row['label']}\n")
            for ending in (".hea", ".mat"):
                shutil.copy(real("af2017") / f"{row['record']}{ending}", place / "records")
    reference = place / "REFERENCE-v3.csv"
    reference.write_text("".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ECGSSL_DATA", str(place))
        pack = str(place / "packs" / "af")
        words = ["--labels", str(reference), "--leads", "I", "--rate", "100"]
        assert main(["pack", str(place / "records"), "--out", pack, *words]) == 0
        assert main(["folds", pack, "--count", "3"]) == 0
        assert main(["finetune", pack, "--preset", "oh2022-small-dx", "--fold", "0", "--set", *TINY]) == 0
    return place


@pytest.fixture
def run(place: Path, monkeypatch: pytest.MonkeyPatch) -> RunDir:
    monkeypatch.setenv("ECGSSL_DATA", str(place))
    (run,) = list_runs()
    return run


def test_folds_of_records_hold_each_rhythm_alike(place: Path) -> None:
    pack = open_pack(place / "packs" / "af")
    assert (pack.leads, len(pack)) == (("I",), sum(WANTED.values()))
    labels = pack.labels(load_label_set("af2017")).argmax(axis=1)
    folds = {row["key"]: int(row["fold"]) for row in csv.DictReader((pack.path / "folds.csv").read_text().splitlines())}
    fold = np.array([folds[key] for key in pack.table["key"]])
    for rhythm, count in enumerate(WANTED.values()):
        assert (
            np.bincount(fold[labels == rhythm], minlength=3).max() <= np.ceil(count / 3) + 1
        )  # lengths are spread as well


def test_the_answer_is_scored_as_the_challenge_does_and_the_revision_is_named(run: RunDir) -> None:
    found, frame = run.results(), run.predictions()
    assert found is not None
    assert frame is not None
    test = frame[frame["split"] == "test"]
    truth = test[[f"y_{code}" for code in RHYTHMS]].to_numpy().argmax(axis=1)
    (table,) = rhythm_table(truth, test["answer"].map(RHYTHMS.index).to_numpy())
    scored = found["challenge_2017"]
    assert scored["table"] == table.astype(int).tolist()
    assert scored["f1"]["value"] == pytest.approx(challenge_f1(table))
    assert scored["f1"]["low"] <= scored["f1"]["value"] <= scored["f1"]["high"]
    assert found["protocol"]["labels"] == "af2017, from REFERENCE-v3.csv"
    assert found["protocol"]["folds"].startswith("by record, stratified")


def test_the_report_shows_the_challenge_s_score(run: RunDir) -> None:
    section = rhythm_section(study_of([run], 50))
    assert section is not None
    (row,) = section.tables[""].to_dict("records")
    found = run.results()
    assert found is not None
    assert row["F1"].startswith(f"{found['challenge_2017']['f1']['value']:.3f} [")


def test_one_lead_has_one_set_of_leads(run: RunDir, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lead-sets", run.name, "--json", "--replicates", "20"]) == 0
    (tree,) = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in tree["sets"]] == ["lead I"]
    found = run.results()
    assert found is not None
    assert tree["sets"][0]["records"] == found["records"]["test"]


def test_af_is_found_by_a_model_of_twelve_leads_that_was_never_trained_for_one(
    place: Path, capsys: pytest.CaptureFixture[str], run: RunDir
) -> None:
    del run  # for the data folder
    asked = ["score-pack", str(place / "packs" / "af"), "--leads", "I", "--replicates", "100"]
    assert main([*asked, "--without", "~", "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert (tree["labels_from"], tree["leads"], tree["seen_left_out"]) == ("REFERENCE-v3.csv", ["I"], 0)
    (af,) = tree["classes"]
    assert (af["code"], af["label"], af["positives"], af["negatives"]) == ("164889003", "A", 8, 22)
    assert af["auroc"]["value"] > 0.7
    assert af["auroc"]["low"] < af["auroc"]["value"] < af["auroc"]["high"]
    assert main([*asked, "--without", "X"]) == 1
    assert "There is no label 'X' in af2017" in capsys.readouterr().err
    assert main(["score-pack", str(place / "packs" / "af"), "--leads", "V1"]) == 1
    assert "none of the leads V1" in capsys.readouterr().err
    assert main(["score-pack", str(place / "packs" / "af"), "--leads", "[0,1]"]) == 2
