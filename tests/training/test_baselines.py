"""Baselines as runs like others: the outputs meant, a network's files, nothing of the test fold looked at."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ecgssl_core.cli import main
from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.errors import RunError
from ecgssl_core.evaluation import NORMAL_CODE, challenge_metric, challenge_weights
from ecgssl_core.runs import RunDir, create_run, list_runs
from ecgssl_core.settings import Settings, load_preset, override
from ecgssl_core.training.baselines import best_constant
from ecgssl_core.training.export import release
from ecgssl_core.training.finetune import finetune
from ecgssl_core.training.split import split

pytestmark = pytest.mark.usefixtures("data")

CONSTANT = ("inactive", "silent", "all-one", "best-constant")
FITTED = ("prevalence", "age-sex", "features")
METRICS = ["auroc", "auprc", "accuracy", "f_measure", "f_beta_2", "g_beta_2", "challenge_metric"]


def settings_of(pack: Path, kind: str, fold: int = 0) -> Settings:
    settings = override(load_preset("baseline"), [f"baseline.kind={kind}"])
    data = settings.data.model_copy(update={"pack": str(pack), "fold": fold})
    return settings.model_copy(update={"data": data})


def done(pack: Path, kind: str) -> tuple[RunDir, dict[str, Any]]:
    run = create_run(settings_of(pack, kind))
    assert finetune(run.settings(), run)
    found = run.results()
    assert found is not None
    assert found["arm"] == kind
    return run, found


@pytest.mark.parametrize("kind", CONSTANT)
def test_constant_baselines_give_exactly_the_outputs_meant(pack: Path, kind: str) -> None:
    run, found = done(pack, kind)
    frame = run.predictions()
    assert frame is not None
    codes, thresholds = found["classes"], np.array(found["decision"]["thresholds"])
    test = frame[frame["split"] == "test"]
    outputs = test[[f"p_{code}" for code in codes]].to_numpy() >= thresholds
    labels = test[[f"y_{code}" for code in codes]].to_numpy()
    named = {code for code, said in zip(codes, outputs[0], strict=True) if said}
    assert (outputs == outputs[0]).all()
    expected = {"inactive": {NORMAL_CODE}, "silent": set(), "all-one": set(codes)}
    if kind in expected:
        assert named == expected[kind]
    weights, normal = challenge_weights(codes), codes.index(NORMAL_CODE)
    value = found["test"]["challenge_metric"]["value"]
    assert value == pytest.approx(challenge_metric(labels, outputs, weights, normal), abs=1e-12)
    assert (kind != "inactive") or value == 0
    assert found["test"]["auroc"]["value"] == 0.5
    assert found["thresholds"] is found["calibration"] is found["conformal"] is None


@pytest.mark.parametrize("kind", FITTED)
def test_fitted_baselines_leave_the_files_of_a_network(pack: Path, kind: str) -> None:
    run, found = done(pack, kind)
    frame = run.predictions()
    assert frame is not None
    part = split(run.settings())
    assert set(frame["split"]) == {"validation", "test"}
    assert list(frame[frame["split"] == "test"]["key"]) == list(part.pack.table["key"].iloc[part.test])
    assert {"test", "per_class", "validation", "decision", "protocol", "records", "support", "folds"} <= set(found)
    assert set(METRICS) <= set(found["test"])
    assert set(METRICS) | {"log_loss", "selection_log_loss"} == set(found["validation"])
    if kind == "prevalence":
        assert found["test"]["auroc"]["value"] == 0.5
        with_positives = [row for row in found["per_class"] if row["positives"]]
        share = [row["positives"] / found["records"]["test"] for row in with_positives]
        np.testing.assert_allclose([row["auprc"] for row in with_positives], share)
    else:
        assert max(len(set(frame[f"p_{code}"])) for code in found["classes"]) > 2


def test_what_is_judged_beside_the_scores(pack: Path) -> None:
    _, found = done(pack, "features")
    thresholds = found["thresholds"]
    assert thresholds["per_class"] == pytest.approx(found["test"]["challenge_metric"]["value"])
    assert thresholds["oracle"] >= thresholds["shared"] - 1e-9
    assert "test labels" in thresholds["note"]
    for when in ("before", "after"):
        assert set(found["calibration"][when]) == {"log_loss", "brier", "calibration_error", "slope", "intercept"}
        assert 0 < found["calibration"][when]["brier"] < 0.25
        ends = found["calibration"]["intervals"][when]
        for name in ("log_loss", "brier"):
            assert ends[name]["low"] < found["calibration"][when][name] < ends[name]["high"]
        assert 0 <= ends["undefined"] <= 1
    assert found["bootstrap"]["replicates"] == 2000
    assert 0 <= found["bootstrap"]["lacking"] <= 1
    conformal = found["conformal"]
    assert conformal["alpha"] == 0.1
    assert conformal["calibrated_on"] < found["records"]["validation"]
    assert len(conformal["per_class"]) == 24
    for row in conformal["per_class"]:
        if row["positives"]:
            assert row["low"] <= row["coverage"] == row["covered"] / row["positives"] <= row["high"]
        else:
            assert row["coverage"] is None
    assert 0 <= conformal["empty"] <= 1
    assert 0 <= conformal["undecided"] <= 1
    shared = conformal["shared_set"]
    assert 0 <= shared["threshold"] < 1
    assert shared["diagnosed"] == shared["records"] == conformal["records"]
    assert 0 <= shared["missed"] <= 1
    for rows in conformal["by_group"].values():
        for name in ("positives", "covered"):
            assert sum(row[name] for row in rows) == sum(row[name] for row in conformal["per_class"])
        assert sum(row["records"] for row in rows) == conformal["records"]


def test_the_log_loss_of_validation_is_that_of_uncalibrated_logits(pack: Path) -> None:
    run, found = done(pack, "prevalence")
    part = split(run.settings())
    known, truth = part.labels[part.train], part.labels[part.validation]
    share = ((known == 1).sum(axis=0) + 0.5) / (len(known) + 1)
    expected = -(truth * np.log(share) + (1 - truth) * np.log(1 - share)).mean()
    assert found["validation"]["log_loss"] == pytest.approx(expected, rel=1e-9)


def test_test_labels_change_no_prediction_and_no_decision(pack: Path, tmp_path: Path) -> None:
    copied = tmp_path / "relabelled"
    shutil.copytree(pack, copied)
    part = split(settings_of(pack, "features"))
    table = open_pack(copied).table.copy()
    table.loc[part.test, "codes"] = '["10370003"]'  # all paced
    table.to_parquet(copied / "table.parquet")
    for kind in ("best-constant", "age-sex"):
        (one, first), (other, second) = done(pack, kind), done(copied, kind)
        assert first["decision"] == second["decision"]
        tables = [run.predictions() for run in (one, other)]
        columns = [name for name in tables[0] if name.startswith("p_")]
        np.testing.assert_array_equal(*(frame[columns].to_numpy() for frame in tables))
        assert first["per_class"] != second["per_class"]


def test_the_best_constant_set_is_never_below_the_normal_one_and_no_class_can_still_gain() -> None:
    random = np.random.default_rng(0)
    labels = (random.random((80, 6)) < [0.1, 0.5, 0.4, 0.3, 0.6, 0.05]).astype(np.int8)
    weights = 0.5 * random.random((6, 6))
    np.fill_diagonal(weights, 1.0)
    named = best_constant(labels, weights, 0)

    def metric(chosen: np.ndarray) -> float:
        return challenge_metric(labels, np.tile(chosen, (80, 1)), weights, 0)

    assert metric(named) > 0
    for place in range(6):
        assert metric(named ^ (np.arange(6) == place)) <= metric(named) + 1e-12


def test_from_the_command_line_to_a_finished_run_that_is_not_released(
    pack: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["finetune", str(pack), "--preset", "baseline", "--fold", "1", "--set", "baseline.kind=inactive"]
    assert main(words) == 0
    (run,) = list_runs()
    assert run.state().state == "done"
    assert run.results()["fold"] == 1  # type: ignore[index]
    with pytest.raises(RunError, match="scored and not released"):
        release([run], data / "models" / "none")
    with pytest.raises(RunError, match="scored already"):
        finetune(run.settings(), run)
    assert main(["finetune", str(pack), "--preset", "baseline", "--set", "baseline.kind=best"]) == 2
    assert "baseline.kind" in capsys.readouterr().err
    assert main(["pretrain", str(pack), "--preset", "baseline"]) == 2
