"""Predictions become the challenge's files, which score as the predictions themselves; what was seen is named."""

import csv
import dataclasses
import json
from pathlib import Path

import pytest

from ecgssl_core.cli import main
from ecgssl_core.inference.card import default_model
from ecgssl_core.inference.predict import predict
from ecgssl_core.models.bundle import Bundle, load_bundle
from ecgssl_core.records import gather, read_isolated

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.hea"))


def test_the_files_hold_what_was_predicted_and_can_be_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", *map(str, EXAMPLES), "--outputs", str(tmp_path / "out"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["records"]
    for record in found:
        name, codes, positive, scores = csv.reader(
            (tmp_path / "out" / f"{Path(record['name']).stem}.csv").read_text().splitlines()
        )
        assert name == [f"#{Path(record['name']).stem}"]
        assert codes == [finding["code"] for finding in record["findings"]]
        assert [float(score) for score in scores] == [finding["probability"] for finding in record["findings"]]
        assert [bool(int(one)) for one in positive] == [finding["positive"] for finding in record["findings"]]
    assert main(["score", str(EXAMPLES[0].parent), str(tmp_path / "out"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["records"] == len(EXAMPLES)


def test_a_record_that_the_model_has_seen_is_named() -> None:
    files, _ = gather(EXAMPLES[:1])
    (record,) = read_isolated(files).records
    bundle = load_bundle(default_model())
    without = [digest for digest in bundle.manifest.training.seen if digest != record.digest]
    for seen in (without, [*without, record.digest]):
        training = bundle.manifest.training.model_copy(update={"seen": tuple(seen)})
        manifest = bundle.manifest.model_copy(update={"training": training})
        changed: Bundle = dataclasses.replace(bundle, manifest=manifest)
        assert predict(changed, record).seen is (len(seen) > len(without))
