"""Test folds scored again with fewer leads."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.errors import RunError
from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.signals.lead_sets import find_sets
from ecgssl_core.training.finetune import finetune
from ecgssl_core.training.lead_sets import score_lead_sets
from tests.training_small import small

CODES = load_label_set("cinc2020").codes


@pytest.fixture
def run(pack: Path, data: Path) -> RunDir:
    """A network of the time series, trained for one epoch."""
    made = create_run(small("quick-tsg", pack, 'classifier.modalities=["time"]', "training.epochs=1"), data)
    assert finetune(made.settings(), made)
    made.write_state("done")
    return made


def test_all_leads_give_the_scores_of_the_run_and_fewer_give_others(run: RunDir) -> None:
    assert score_lead_sets(run) == 7
    scores, frame = run.lead_scores(), run.predictions()
    assert scores is not None
    assert frame is not None
    test = frame[frame["split"] == "test"].set_index("key")
    columns = [f"p_{code}" for code in CODES]
    by_set = {
        name: part.set_index("key").reindex(test.index)[columns].to_numpy() for name, part in scores.groupby("set")
    }
    assert list(dict.fromkeys(scores["leads"])) == [12, 6, 4, 3, 2, 1]
    assert by_set["12 leads"] == pytest.approx(test[columns].to_numpy(), abs=1e-6)
    # the limb leads follow from I and II: two leads are six, but for what rounding left
    assert by_set["2 leads"] == pytest.approx(by_set["6 limb leads"], abs=0.02)
    assert by_set["4 leads"] == pytest.approx(by_set["3 leads"], abs=0.02)
    assert not np.allclose(by_set["lead I"], by_set["12 leads"], atol=1e-3)
    assert not np.allclose(by_set["lead I"], by_set["lead II"], atol=1e-3)
    assert score_lead_sets(run) == 0


def test_a_set_that_is_asked_for_later_joins_those_known(run: RunDir) -> None:
    assert score_lead_sets(run, sets=find_sets(["I"])) == 1
    before = run.lead_scores()
    assert score_lead_sets(run, sets=find_sets(["protocol", "chest", "V5,I"])) == 8
    after = run.lead_scores()
    assert before is not None
    assert after is not None
    assert list(after["set"].unique()[[0, -1]]) == ["lead I", "leads V5, I"]
    assert after.iloc[: len(before)].equals(before)


def test_a_run_without_weights_or_of_a_pack_divided_anew_is_refused(run: RunDir) -> None:
    shutil.rmtree(run.checkpoints())
    with pytest.raises(RunError, match="has no weights any more"):
        score_lead_sets(run)
    found = run.results()
    assert found is not None
    (run.path / "metrics.json").unlink()
    with pytest.raises(RunError, match="not a finished fine-tuning"):
        score_lead_sets(run)
    run.write_results({**found, "folds": "another"})
    with pytest.raises(RunError, match="divided anew"):
        score_lead_sets(run)
