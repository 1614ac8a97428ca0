"""Which runs count: one for each arm, exposure, share of the labels, seed and fold, and none that does not fit."""

from pathlib import Path

import pytest

from ecgssl_core.errors import RunError
from ecgssl_core.report.choice import as_published, choose, main_variant, refuse_mixtures
from ecgssl_core.report.finished import Finished, read_finished
from ecgssl_core.runs import RunDir
from tests.made_runs import make_encoder
from tests.report.conftest import Make


def read(*runs: RunDir) -> list[Finished]:
    return read_finished(runs)[0]


def test_the_lowest_validation_log_loss_counts(made: Make) -> None:
    tried = {0.1: 0.30, 0.01: 0.25, 0.001: 0.28}
    runs = [made(f"optimiser.rate={rate}", validation={"log_loss": loss}) for rate, loss in tried.items()]
    (chosen,) = choose(read(*runs))
    assert (chosen.run.name, chosen.among, chosen.reason) == (runs[1].name, 3, "lowest validation log-loss, 0.2500")


def test_the_half_of_the_validation_patients_that_decides_goes_first(made: Make) -> None:
    losses = [{"log_loss": 0.1, "selection_log_loss": 0.3}, {"log_loss": 0.2, "selection_log_loss": 0.2}]
    runs = [made(f"optimiser.rate={10.0**-place}", validation=each) for place, each in enumerate(losses)]
    (chosen,) = choose(read(*runs))
    assert chosen.run.name == runs[1].name
    assert chosen.reason == "lowest log-loss on the deciding half of the validation patients, 0.2000"


def test_without_a_log_loss_in_one_of_them_the_newest_counts(made: Make) -> None:
    runs = [made(validation={"log_loss": 0.1}), made()]
    (chosen,) = choose(read(*runs))
    assert chosen.run.name == max(run.name for run in runs)
    assert "newest" in chosen.reason


def test_seed_fold_and_share_of_the_labels_keep_runs_apart(made: Make) -> None:
    runs = [made(), made("training.seed=1"), made("data.fold=1"), made("data.label_share=0.1")]
    assert [each.among for each in choose(read(*runs))] == [1, 1, 1, 1]


def test_other_transformations_never_stand_for_the_arm(made: Make) -> None:
    whole = make_encoder(_root(made), "views.time.noise=true").name
    bare = make_encoder(_root(made), "views.time.noise=false", "views.time.cutout=false").name
    words = ['classifier.modalities=["time"]']
    runs = [made(*words, f'data.encoders=["{name}"]') for name in (bare, bare, whole)]
    found = read(*runs)
    assert [run.variant for run in found] == ["none", "none", "T1"]
    assert [run.name for run in as_published(found)] == [runs[2].name]
    assert main_variant(found[:2]) == "none"


def test_runs_on_different_divisions_are_told_apart(made: Make) -> None:
    with pytest.raises(RunError, match="different divisions into folds; report on each apart"):
        refuse_mixtures(read(made(), made(folds="another")))


def _root(made: Make) -> Path:
    return made("data.fold=9").path.parent.parent
