"""The released model: page and command line say the same, to the last bit."""

import json
from pathlib import Path

import pytest

from ecgssl_core.cli import main
from ecgssl_core.errors import BundleError
from ecgssl_core.inference.card import default_model, find_models
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.inference.service import PredictionService
from ecgssl_core.records import gather, read_isolated

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.hea"))


@pytest.fixture(scope="module")
def service() -> PredictionService:
    return PredictionService()


def test_the_command_line_gives_the_pages_numbers_to_the_last_bit(
    service: PredictionService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", *map(str, EXAMPLES), "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    files, _ = gather(EXAMPLES)
    page = service.predict(default_model(), read_isolated(files).records)
    assert [json.loads(json.dumps(one.as_json())) for one in page] == tree["records"]
    assert [Prediction.from_json(record, tree["model"]) for record in tree["records"]] == page
    assert all(len(record["findings"]) == 24 for record in tree["records"])


def test_fewer_leads_than_the_model_was_tested_with_give_a_sentence_and_no_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["predict", str(EXAMPLES[0]), "--leads", "I,II", "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["records"]
    assert record["findings"] == []
    assert "V1" in record["abstained"]


def test_a_damaged_model_is_one_sentence_and_the_process_lives_on(service: PredictionService, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{}")
    files, _ = gather(EXAMPLES[:1])
    records = read_isolated(files).records
    with pytest.raises(BundleError, match="damaged"):
        service.predict(tmp_path, records)
    assert len(service.predict(default_model(), records)) == 1


def test_a_dead_process_is_started_again(service: PredictionService) -> None:
    files, _ = gather(EXAMPLES[:1])
    records = read_isolated(files).records
    service.close()
    assert len(service.predict(default_model(), records)) == 1


def test_without_a_model_the_sentence_says_how_to_get_one(tmp_path: Path) -> None:
    assert find_models(tmp_path) == []
    with pytest.raises(BundleError, match="train one and release it"):
        default_model(tmp_path)


def test_a_file_that_is_not_there_is_refused_and_the_others_are_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "nowhere.hea", str(EXAMPLES[0]), "--json"]) == 1
    tree = json.loads(capsys.readouterr().out)
    assert len(tree["records"]) == 1
    assert tree["refused"][0]["name"] == "nowhere.hea"
